"""One line a figure."""


def figure(name: str, value: float, unit: str, target: str = "", met: bool = True) -> None:
    """Print `name: value unit`, and beside it the target and whether it was missed."""
    shown = f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
    beside = f" (target {target}{'' if met else ', MISSED'})" if target else ""
    print(f"{name}: {shown} {unit}{beside}", flush=True)
