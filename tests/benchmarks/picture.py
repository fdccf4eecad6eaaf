"""The curve of how questions grow with the register, as an SVG beside the other runtime data."""

import os
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

WIDTH, HEIGHT, LEFT, TOP, LEGEND = 640, 320, 60, 20, 200
INKS = ("#0b5c5c", "#b4451f", "#3a5fa0", "#7a5c00", "#7a2f6f", "#333333")


def draw(curve: Mapping[str, Sequence[tuple[int, float]]]) -> Path:
    """Write `bench/growth.svg` into DATA_DIR (or `.data`) and answer where: p95 in ms over the number of records."""
    most_records = max(size for points in curve.values() for size, _value in points)
    most = max(value for points in curve.values() for _size, value in points)
    folder = Path(os.environ.get("BENCH_DIR") or ".data/bench")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "growth.svg"
    path.write_text(_svg(curve, most_records, most), encoding="utf-8")
    return path


def _svg(curve: Mapping[str, Sequence[tuple[int, float]]], most_records: int, most: float) -> str:
    box = f"0 0 {LEFT + WIDTH + LEGEND} {TOP + HEIGHT + 50}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for step in range(5):
        y = TOP + HEIGHT - HEIGHT * step / 4
        parts.append(f'<path d="M{LEFT} {y}h{WIDTH}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{most * step / 4:.0f} ms</text>')
    for size in sorted({size for points in curve.values() for size, _value in points}):
        x = LEFT + WIDTH * size / most_records
        parts.append(f'<text x="{x}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{size // 1000:,} k</text>')
    for place, (name, points) in enumerate(curve.items()):
        ink = INKS[place % len(INKS)]
        places = [(LEFT + WIDTH * size / most_records, TOP + HEIGHT - HEIGHT * value / most) for size, value in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{ink}"/>' for x, y in places]
        y = TOP + 16 + 18 * place
        parts.append(f'<text x="{LEFT + WIDTH + 16}" y="{y}" fill="{ink}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"])
