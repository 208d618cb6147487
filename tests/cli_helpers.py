"""Words of commands that several tests call."""

TEXT = "今天来过一次，这家店的菜好吃，茶一般。"


def explain(root, *words):
    return ("explain", "--dataset", "invented", "--root", root, *words)


def export(root, output, *words):
    chosen = ("export", "--dataset", "invented", "--root", root, "--text", TEXT)
    return (*chosen, "--output", output, *words)
