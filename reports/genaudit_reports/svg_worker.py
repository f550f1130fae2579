"""Child process: Vega-Lite specifications in on stdin, SVG texts out on stdout, both as JSON lists.

It stands alone, because a chart that exhausts the memory of the JavaScript engine aborts the process it runs in.
"""

import json
import sys

VEGA_LITE = "5.20"


def main() -> None:
    """Render every specification; no URL may be read."""
    import vl_convert

    specs = json.load(sys.stdin)
    texts = [vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]) for spec in specs]
    json.dump(texts, sys.stdout)


if __name__ == "__main__":
    main()
