# The dashboard for a team: docs/deploying.md.
FROM python:3.11-slim-bookworm

# Exports of charts and PNG are drawn by Chromium, in fonts with Chinese characters and emoji.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        chromium fontconfig fonts-dejavu-core fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /poolviz
COPY requirements.txt .
RUN python3.11 -m venv .venv && .venv/bin/pip install --no-cache-dir -r requirements.txt
COPY . .

# Shipped checkpoints stay root's, so that nobody's server changes them; what is written goes to /data.
RUN useradd --create-home poolviz && mkdir /data && chown poolviz /data
USER poolviz
ENV POOLVIZ_HOME=/data
VOLUME /data

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD [".venv/bin/python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD [".venv/bin/streamlit", "run", "dashboard.py", "--server.address", "0.0.0.0", "--server.headless", "true"]
