"""All of Keras: layers, models, fitting; nothing else imports Keras."""
