"""Every code that a problem file can be reported under has a long text."""

from __future__ import annotations

import re
from pathlib import Path

from derivcheck import problems
from derivcheck.codes import every_code

CODE = re.compile(r"""(?:source\.(?:add|report)\((?:\w+, )?|Finding\(|finding\()\s*"([a-z]+(?:-[a-z]+)+)\"""")


def test_every_code_is_explained():
    folder = Path(problems.__file__).parent
    used = {code for path in folder.glob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 12
    assert used <= set(every_code())
