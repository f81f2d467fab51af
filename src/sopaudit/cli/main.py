"""Where the program starts, and the one place that turns what happened into an exit code.

0 clean, 1 problems in files, 2 the command line was wrong, 3 a bug in sopaudit.
"""

import io
import sys

from sopaudit.cli.stop import BUG, CLEAN, INTERRUPTED, Stop


def main() -> None:
    """Run the command line of `sys.argv` and exit."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        # Answered before typer is imported: 9 ms instead of 100.
        from sopaudit import __version__

        print(f"sopaudit {__version__}")
        sys.exit(CLEAN)
    sys.exit(_run())


def _run() -> int:
    # A Chinese Windows console speaks GBK, which lacks some of our signs; `?` beats a stop.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    from sopaudit.cli.app import app

    try:
        return int(app(standalone_mode=True, prog_name="sopaudit") or CLEAN)
    except Stop as stop:
        if stop.message:
            print(stop.message, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        print("\n已中断，未写出文件。Interrupted; nothing was written.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # `sopaudit … | head` closed the pipe; Python would complain again while shutting down.
        sys.stdout = None
        return CLEAN
    except Exception:  # noqa: BLE001 -- this is where the unexpected is told
        import traceback

        traceback.print_exc()
        print(
            "\n这是 sopaudit 的缺陷，不是您的文件的问题；请把上面的内容发给开发者。\n"
            "This is a bug in sopaudit, not in your files; "
            "please send the lines above to its makers.",
            file=sys.stderr,
        )
        return BUG
