"""What `problems new` writes: a whole small problem to be edited, itself a right one."""

TEMPLATE = r"""# One problem: LaTeX, one line each after a |, no quoting needed. The id is the path: {id}.
# Test it with:  derivcheck problems test {path}
title: Gradient of a squared error

# What is given: declarations, definitions, assumptions.
given: |
  X \in \mathbb{R}^{m \times n}
  w \in \mathbb{R}^n
  y \in \mathbb{R}^m
  L = \frac{1}{2} \|X w - y\|^2

# The question as students see it, the expression asked for, the symbols the result may hold.
ask: Compute the gradient $\frac{\partial L}{\partial w}$.
find: \frac{\partial L}{\partial w}
in: X, w, y
answer: X^\top (X w - y)
points: 4

# Each answer below is a test of this problem; one with points and a hint is also the rule for students' answers
# that are proved equal to it.
correct:
  - X^\top X w - X^\top y
  - |
    Let $r = X w - y$. Then $L = \frac{1}{2} r^\top r$ and
    $$\frac{\partial L}{\partial w} = X^\top r$$

wrong:
  - answer: X (X w - y)
    points: 2
    hint: compare the shapes of the two sides
  - answer: 2 X^\top (X w - y)
    points: 3
    hint: what became of the factor in front of the norm?
"""


def template(id: str, path: str) -> str:
    return TEMPLATE.replace("{id}", id).replace("{path}", path)
