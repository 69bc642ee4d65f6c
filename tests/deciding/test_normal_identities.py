"""Equalities that the normal form proves for every dimension, and false ones beside them that it must not prove.

Each block: what is given, then the claims that follow from it, then claims that do not."""

# ruff: noqa: E501
from __future__ import annotations

import json
from pathlib import Path

import pytest

from derivcheck.deciding.budget import Work
from derivcheck.deciding.normal import rung
from derivcheck.language.givens.table import read_givens
from derivcheck.language.parsing.splitting import split_lines
from derivcheck.language.statements import read_statement

BLOCKS: list[tuple[list[str], list[str], list[str]]] = [
    (
        [r"x, y \in \mathbb{R}^{n}", r"A, B, C \in \mathbb{R}^{n \times n}", r"\det A \ne 0", r"\det B \ne 0"],
        [
            r"(AB)^{-1} = B^{-1}A^{-1}",
            r"(A^\top)^{-1} = (A^{-1})^\top",
            r"\det(A^{-1}) = \frac{1}{\det A}",
            r"A^{-1}-B^{-1} = A^{-1}(B-A)B^{-1}",
            r"(I+A^{-1})^{-1} = A(A+I)^{-1}",
            r"(A^{-1}+B^{-1})^{-1} = A(A+B)^{-1}B",
        ],
        [r"(AB)^{-1} = A^{-1}B^{-1}"],
    ),
    (
        [r"a, b > 0", r"B \in \mathbb{R}^{n \times n}", r"D = \operatorname{diag}(B\mathbf{1})", r"S = D^{-1/2}BD^{-1/2}"],
        [
            r"\frac{a}{\sqrt{a+b}} + \frac{b}{\sqrt{a+b}} = \sqrt{a+b}",
            r"\frac{1}{\sqrt{a+b}} = \frac{\sqrt{a+b}}{a+b}",
            r"S_{ij} = \frac{B_{ij}}{\sqrt{D_{ii}}\sqrt{D_{jj}}}",
        ],
        [
            r"\frac{1}{\sqrt{a+b}} = \frac{1}{a+b}",
            r"\frac{a}{\sqrt{a+b}} = \frac{a}{a+b}",
            r"S_{ij} = \frac{B_{ij}}{D_{ii}D_{jj}}",
        ],
    ),
    (
        [r"x, y \in \mathbb{R}^{n}", r"A, B, C \in \mathbb{R}^{n \times n}"],
        [
            r"(ABC)^\top = C^\top B^\top A^\top",
            r"\operatorname{tr}(ABC) = \operatorname{tr}(BCA)",
            r"\det(I + xy^\top) = 1 + x^\top y",
            r"\frac{\partial}{\partial x}(x-y)^\top A(x-y) = (A+A^\top)(x-y)",
        ],
        [r"\operatorname{tr}(ABC) = \operatorname{tr}(ACB)", r"\frac{\partial}{\partial x}(x-y)^\top A(x-y) = 2A(x-y)"],
    ),
    (
        [r"x, y \in \mathbb{R}^{n}", r"A, B, C \in \mathbb{R}^{n \times n}", r"c \in \mathbb{R}"],
        [r"\det(cA) = c^n \det(A)"],
        [],
    ),
    (
        [r"x, y \in \mathbb{R}^{n}", r"A, B, C \in \mathbb{R}^{n \times n}", r"A^\top = A"],
        [r"\frac{\partial}{\partial x}(x-y)^\top A(x-y) = 2A(x-y)"],
        [],
    ),
    (
        [r"X \in \mathbb{R}^{n \times n}", r"\det X \ne 0"],
        [r"\frac{\partial}{\partial X}\log\det X = X^{-\top}"],
        [],
    ),
    (
        [r"X \in \mathbb{R}^{n \times n}", r"A \in \mathbb{R}^{n \times n}", r"\det X \ne 0"],
        [r"\frac{\partial}{\partial X}\operatorname{tr}(AX^{-1}) = -(X^{-1}AX^{-1})^\top"],
        [],
    ),
    (
        [r"X \in \mathbb{R}^{m \times n}", r"y \in \mathbb{R}^m", r"w \in \mathbb{R}^n"],
        [r"\frac{\partial}{\partial w}\|Xw-y\|_2^2 = 2X^\top(Xw-y)"],
        [r"\frac{\partial}{\partial w}\|Xw-y\|_2^2 = 2X(X w-y)"],
    ),
    (
        [r"X \in \mathbb{R}^{m \times n}", r"y \in \mathbb{R}^m", r"w \in \mathbb{R}^n", r"\lambda > 0"],
        [r"\nabla_w\left(\frac{1}{2}\|Xw-y\|_2^2+\frac{\lambda}{2}\|w\|_2^2\right) = X^\top(Xw-y)+\lambda w"],
        [],
    ),
    (
        [r"X \in \mathbb{R}^{m \times n}", r"w \in \mathbb{R}^n", r"y \in \mathbb{R}^m"],
        [r"\nabla_w^2 \frac12\|Xw-y\|_2^2 = X^\top X"],
        [],
    ),
    (
        [r"X \in \mathbb{R}^{m \times n}", r"\lambda > 0"],
        [r"(X^\top X+\lambda I)^{-1}X^\top = X^\top(XX^\top+\lambda I)^{-1}"],
        [r"(X^\top X+\lambda I)^{-1}X^\top = X^\top(XX^\top-\lambda I)^{-1}"],
    ),
    (
        [r"Q \in \mathbb{R}^{n \times n}", r"x, y \in \mathbb{R}^n", r"Q^\top Q = I"],
        [r"\|Qx\|_2 = \|x\|_2", r"QQ^\top = I"],
        [],
    ),
    (
        [r"Q, A \in \mathbb{R}^{n \times n}", r"Q^\top Q = I"],
        [r"\|QA\|_F = \|A\|_F", r"\operatorname{tr}(Q^\top A Q) = \operatorname{tr}(A)", r"\det(Q^\top A Q) = \det(A)"],
        [],
    ),
    (
        [r"P \in \mathbb{R}^{n \times n}", r"P^2 = P"],
        [r"(I-P)^2 = I-P"],
        [],
    ),
    (
        [r"X \in \mathbb{R}^{m \times n}", r"\det(X^\top X) \ne 0"],
        [r"X(X^\top X)^{-1}X^\top X(X^\top X)^{-1}X^\top = X(X^\top X)^{-1}X^\top"],
        [],
    ),
    (
        [r"u \in \mathbb{R}^n", r"u^\top u = 1"],
        [r"(I-2uu^\top)(I-2uu^\top) = I"],
        [],
    ),
    (
        [r"u \in \mathbb{R}^n"],
        [],
        [r"(I-2uu^\top)(I-2uu^\top) = I"],
    ),
    (
        [r"x,y \in \mathbb{R}^n"],
        [
            r"\|x+y\|_2^2+\|x-y\|_2^2 = 2\|x\|_2^2+2\|y\|_2^2",
            r"x^\top y = \frac14(\|x+y\|^2-\|x-y\|^2)",
            r"\nabla_x \frac{x^\top y}{\|x\|\|y\|} = \frac{y}{\|x\|\|y\|}-\frac{(x^\top y) x}{\|x\|^3\|y\|}",
        ],
        [],
    ),
    (
        [r"x \in \mathbb{R}^n"],
        [
            r"\frac{\partial \|x\|_2}{\partial x} = \frac{x}{\|x\|_2}",
            r"\left(\sum_i x_i\right)^2 = \sum_i\sum_j x_i x_j",
        ],
        [],
    ),
    (
        [r"x \in \mathbb{R}", r"\sigma(a) = \frac{1}{1+e^{-a}}"],
        [
            r"\sigma'(x) = \sigma(x)(1-\sigma(x))",
            r"\sigma(x) = \frac{e^x}{1+e^x}",
            r"\tanh(x) = 2\sigma(2x)-1",
            r"\log\sigma(x) = -\log(1+e^{-x})",
            r"\frac{d}{dx}\log\sigma(x) = 1-\sigma(x)",
            r"\log(1+e^x)-\log(1+e^{-x}) = x",
            r"\sigma''(x) = \sigma(x)(1-\sigma(x))(1-2\sigma(x))",
            r"1-\tanh^2(x) = \frac{4}{(e^x+e^{-x})^2}",
            r"\frac{d}{dx}(x\sigma(x)) = \sigma(x)+x\sigma(x)(1-\sigma(x))",
        ],
        [r"\sigma'(x) = \sigma(x)(1+\sigma(x))"],
    ),
    (
        [r"z \in \mathbb{R}", r"y \in \{0,1\}", r"\sigma(a) = \frac{1}{1+e^{-a}}"],
        [r"\frac{d}{dz}\left(-y\log\sigma(z)-(1-y)\log(1-\sigma(z))\right) = \sigma(z)-y"],
        [],
    ),
    (
        [r"x \in \mathbb{R}"],
        [
            r"\cosh^2(x)-\sinh^2(x) = 1",
            r"\max(0,x) = \frac{x+|x|}{2}",
            r"\operatorname{ReLU}(x)-\operatorname{ReLU}(-x) = x",
            r"\sin^2 x+\cos^2 x = 1",
            r"\sin(2x) = 2\sin x\cos x",
            r"\sqrt{x^2} = |x|",
        ],
        [r"\sqrt{x^2} = x"],
    ),
    (
        [r"x,y \in \mathbb{R}"],
        [
            r"\tanh(x+y) = \frac{\tanh x+\tanh y}{1+\tanh x\tanh y}",
            r"\max(x,y)+\min(x,y) = x+y",
            r"\max(x,y) = \frac{x+y+|x-y|}{2}",
        ],
        [],
    ),
    (
        [r"x > 0", r"y > 0"],
        [r"\log(x^2 y) = 2\log x+\log y"],
        [],
    ),
    (
        [r"x > 0"],
        [r"\sqrt{x}\sqrt{x} = x"],
        [],
    ),
    (
        [r"z \in \mathbb{R}^{k}", r"p = \operatorname{softmax}(z)"],
        [
            r"\sum_i p_i = 1",
            r"\frac{\partial p_i}{\partial z_j} = p_i(\delta_{ij}-p_j)",
            r"\log p_i = z_i-\log\sum_j e^{z_j}",
            r"\sum_j \frac{\partial p_i}{\partial z_j} = 0",
        ],
        [r"\frac{\partial p_i}{\partial z_j} = p_j(\delta_{ij}-p_j)"],
    ),
    (
        [
            r"z \in \mathbb{R}^{k}",
            r"p = \operatorname{softmax}(z)",
            r"y \in \{0,1\}^k",
            r"\sum_i y_i = 1",
            r"L = -\sum_i y_i\log p_i",
        ],
        [
            r"\frac{\partial L}{\partial z} = p-y",
            r"\frac{\partial L}{\partial z_i} = \sum_j \frac{\partial L}{\partial p_j}\frac{\partial p_j}{\partial z_i}",
        ],
        [r"\frac{\partial L}{\partial z} = y-p"],
    ),
    (
        [r"z \in \mathbb{R}^{k}", r"p = \operatorname{softmax}(z)", r"c \in \mathbb{R}"],
        [r"\operatorname{softmax}(z+c\mathbf{1}) = \operatorname{softmax}(z)"],
        [],
    ),
    (
        [r"z \in \mathbb{R}^{k}", r"p = \operatorname{softmax}(z)", r"L = -\log p_c", r"c \in \{1, \dots, k\}"],
        [r"\frac{\partial L}{\partial z_i} = p_i-\mathbb{1}\{i=c\}"],
        [],
    ),
    (
        [
            r"x \in \mathbb{R}^{n}",
            r"W_1 \in \mathbb{R}^{m \times n}",
            r"b_1 \in \mathbb{R}^m",
            r"W_2 \in \mathbb{R}^{k \times m}",
            r"b_2, y \in \mathbb{R}^k",
            r"a_1 = W_1 x+b_1",
            r"h = \tanh(a_1)",
            r"o = W_2 h+b_2",
            r"J = \frac12\|o-y\|^2",
        ],
        [
            r"\frac{\partial J}{\partial o} = o-y",
            r"\frac{\partial J}{\partial W_2} = (o-y)h^\top",
            r"\frac{\partial J}{\partial h} = W_2^\top(o-y)",
            r"\frac{\partial J}{\partial a_1} = W_2^\top(o-y)\odot(1-h^2)",
            r"\frac{\partial J}{\partial W_1} = \left(W_2^\top(o-y)\odot(1-h\odot h)\right)x^\top",
            r"\frac{\partial J}{\partial x} = W_1^\top\operatorname{diag}(1-h^2)W_2^\top(o-y)",
            r"\frac{\partial J}{\partial x} = \left(\frac{\partial h}{\partial x}\right)^\top\frac{\partial J}{\partial h}",
            r"\frac{\partial J}{\partial b_1} = \frac{\partial J}{\partial a_1}",
        ],
        [
            r"\frac{\partial J}{\partial W_2} = h(o-y)^\top",
            r"\frac{\partial J}{\partial x} = W_1^\top W_2^\top\operatorname{diag}(1-h^2)(o-y)",
        ],
    ),
    (
        [
            r"Q, K \in \mathbb{R}^{n \times d}",
            r"V \in \mathbb{R}^{n \times m}",
            r"S = \frac{QK^\top}{\sqrt{d}}",
            r"P = \operatorname{softmax}(S)",
            r"O = PV",
        ],
        [r"\sum_j P_{ij} = 1", r"\frac{\partial O_{ij}}{\partial V_{kl}} = P_{ik}\delta_{jl}"],
        [],
    ),
    (
        [
            r"Q, K \in \mathbb{R}^{n \times d}",
            r"V \in \mathbb{R}^{n \times m}",
            r"S = \frac{QK^\top}{\sqrt{d}}",
            r"P = \operatorname{softmax}(S)",
            r"O = PV",
            r"u \in \mathbb{R}^m",
        ],
        [r"P(V+\mathbf{1}u^\top) = PV+\mathbf{1}u^\top"],
        [],
    ),
    (
        [
            r"q, k \in \mathbb{R}^d",
            r"\sigma > 0",
            r"\mu \in \mathbb{R}^d",
            r"q, k \sim \mathcal{N}(\mu, \sigma^2 I)",
            r"q \perp k",
        ],
        [
            r"\mathbb{E}[(q^\top k)^2] = (\mu^\top\mu)^2+2\sigma^2\mu^\top\mu+d\sigma^4",
            r"\operatorname{Var}(q^\top k) = \mathbb{E}[(q^\top k)^2]-\mathbb{E}[q^\top k]^2",
            r"\mathbb{E}[\|q\|^2] = \|\mu\|^2+d\sigma^2",
            r"\mathbb{E}[qq^\top] = \mu\mu^\top+\sigma^2 I",
            r"\operatorname{Var}\left(\frac{q^\top k}{\sqrt{d}}\right) = \frac{2\sigma^2\mu^\top\mu}{d}+\sigma^4",
        ],
        [r"\operatorname{Var}\left(\frac{q^\top k}{\sqrt{d}}\right) = \frac{2\sigma^2\mu^\top\mu}{d}+d\sigma^4"],
    ),
    (
        [
            r"x \in \mathbb{R}^n",
            r"m \in \mathbb{R}^n",
            r"S, A \in \mathbb{R}^{n \times n}",
            r"S^\top = S",
            r"\mathbb{E}[x] = m",
            r"\operatorname{Cov}(x) = S",
            r"m \in \mathbb{R}^n",
            r"S, A \in \mathbb{R}^{n \times n}",
            r"S^\top = S",
        ],
        [r"\mathbb{E}[x^\top A x] = \operatorname{tr}(AS)+m^\top A m"],
        [],
    ),
    (
        [r"p, q \in \Delta^k"],
        [r"D_{KL}(p\|q) = \sum_i p_i\log p_i-\sum_i p_i\log q_i"],
        [],
    ),
    (
        [r"p \in \Delta^k", r"u_i = \frac1k \text{ for } i = 1,\dots,k"],
        [r"D_{KL}(p\|u) = \log k+\sum_i p_i\log p_i"],
        [],
    ),
    (
        [
            r"T \in \mathbb{N}",
            r"C_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"h_t, f_t, i_t, g_t, o_t \in \mathbb{R}^d \text{ for } t = 1, \dots, T",
            r"C_t = f_t\odot C_{t-1}+i_t\odot g_t",
            r"h_t = o_t\odot\tanh(C_t)",
        ],
        [
            r"\frac{\partial C_t}{\partial C_{t-1}} = \operatorname{diag}(f_t)",
            r"\frac{\partial h_t}{\partial C_t} = \operatorname{diag}(o_t\odot(1-\tanh^2(C_t)))",
            r"\frac{\partial C_t}{\partial i_t} = \operatorname{diag}(g_t)",
            r"\frac{\partial h_t}{\partial o_t} = \operatorname{diag}(\tanh(C_t))",
        ],
        [],
    ),
    (
        [r"z, r, h, x \in \mathbb{R}^d", r"U, W \in \mathbb{R}^{d \times d}"],
        [
            r"\frac{\partial}{\partial h}\tanh(U(r\odot h)+Wx) = \operatorname{diag}(1-\tanh^2(U(r\odot h)+Wx))U\operatorname{diag}(r)"
        ],
        [
            r"\frac{\partial}{\partial h}\tanh(U(r\odot h)+Wx) = \operatorname{diag}(1-\tanh^2(U(r\odot h)+Wx))\operatorname{diag}(r)U"
        ],
    ),
    (
        [r"x \in \mathbb{R}^n", r"\bar x = \frac1n\sum_i x_i", r"v = \frac1n\sum_i (x_i-\bar x)^2"],
        [
            r"\sum_i (x_i-\bar x) = 0",
            r"v = \frac1n\sum_i x_i^2-\bar x^2",
            r"\frac{\partial \bar x}{\partial x} = \frac1n\mathbf{1}",
            r"\frac{\partial v}{\partial x_i} = \frac{2}{n}(x_i-\bar x)",
        ],
        [r"\frac{\partial v}{\partial x_i} = \frac{2}{n}x_i"],
    ),
    (
        [
            r"x \in \mathbb{R}^n",
            r"\bar x = \frac1n\sum_i x_i",
            r"v = \frac1n\sum_i (x_i-\bar x)^2",
            r"\hat x_i = \frac{x_i-\bar x}{\sqrt{v}} \text{ for } i = 1, \dots, n",
        ],
        [
            r"\frac{\partial \hat x_i}{\partial x_j} = \frac{1}{\sqrt v}\left(\delta_{ij}-\frac1n-\frac{\hat x_i\hat x_j}{n}\right)"
        ],
        [],
    ),
    (
        [r"A \in \mathbb{R}^{m \times n}", r"X \in \mathbb{R}^{n \times p}", r"B \in \mathbb{R}^{p \times q}"],
        [r"\operatorname{vec}(AXB) = (B^\top\otimes A)\operatorname{vec}(X)"],
        [],
    ),
    (
        [r"A \in \mathbb{R}^{m \times m}", r"B \in \mathbb{R}^{n \times n}"],
        [r"\operatorname{tr}(A\otimes B) = \operatorname{tr}(A)\operatorname{tr}(B)"],
        [],
    ),
    (
        [r"A, B \in \mathbb{R}^{n \times n}", r"C, D \in \mathbb{R}^{m \times m}"],
        [r"(A\otimes C)(B\otimes D) = (AB)\otimes(CD)"],
        [],
    ),
    (
        [r"A, B \in \mathbb{R}^{m \times n}"],
        [r"\|A+B\|_F^2 = \|A\|_F^2+2\operatorname{tr}(A^\top B)+\|B\|_F^2"],
        [],
    ),
    (
        [r"A \in \mathbb{R}^{n \times n}", r"A^\top = -A", r"x \in \mathbb{R}^n"],
        [r"x^\top A x = 0"],
        [],
    ),
    (
        [r"A \in \mathbb{R}^{n \times n}"],
        [r"\operatorname{tr}(A) = \operatorname{tr}\left(\frac{A+A^\top}{2}\right)"],
        [],
    ),
    (
        [r"A, B \in \mathbb{R}^{n \times n}", r"AB = BA"],
        [r"(A+B)^2 = A^2+2AB+B^2"],
        [],
    ),
    (
        [r"A, B \in \mathbb{R}^{n \times n}"],
        [],
        [r"(A+B)^2 = A^2+2AB+B^2"],
    ),
    (
        [r"A \in \mathbb{R}^{n \times n}", r"A^2 = I"],
        [r"A^{-1} = A"],
        [],
    ),
    (
        [r"A, P, D \in \mathbb{R}^{n \times n}", r"\det P \ne 0", r"A = PDP^{-1}"],
        [r"A^3 = PD^3P^{-1}"],
        [],
    ),
    (
        [r"A, X \in \mathbb{R}^{n \times n}", r"b, x \in \mathbb{R}^n", r"\det A \ne 0", r"Ax = b"],
        [r"x = A^{-1}b"],
        [],
    ),
    (
        [r"a, b, c, d \in \mathbb{R}", r"ad-bc \ne 0"],
        [r"\begin{pmatrix}a&b\\c&d\end{pmatrix}^{-1} = \frac{1}{ad-bc}\begin{pmatrix}d&-b\\-c&a\end{pmatrix}"],
        [],
    ),
    (
        [r"a, b, c, d \in \mathbb{R}"],
        [r"\det\begin{pmatrix}a&b\\c&d\end{pmatrix} = ad-bc"],
        [],
    ),
    (
        [r"\theta \in \mathbb{R}"],
        [
            r"\begin{pmatrix}\cos\theta&-\sin\theta\\\sin\theta&\cos\theta\end{pmatrix}\begin{pmatrix}\cos\theta&\sin\theta\\-\sin\theta&\cos\theta\end{pmatrix} = I"
        ],
        [],
    ),
    (
        [r"n \in \mathbb{N}"],
        [
            r"\sum_{i=1}^n\sum_{j=1}^n (i+j) = n^2(n+1)",
            r"\sum_{k=1}^n k^2 = \frac{n(n+1)(2n+1)}{6}",
            r"\sum_{k=1}^{n} k = \frac{n(n+1)}{2}",
        ],
        [],
    ),
    (
        [r"n \in \mathbb{N}", r"x \in \mathbb{R}"],
        [r"\frac{d}{dx}x^n = nx^{n-1}"],
        [],
    ),
    (
        [r"x, w \in \mathbb{R}^n"],
        [r"\prod_i e^{w_i x_i} = e^{w^\top x}"],
        [],
    ),
    (
        [
            r"T \in \mathbb{N}",
            r"W \in \mathbb{R}^{d \times d}",
            r"h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"b \in \mathbb{R}^d",
            r"h_t = \tanh(W h_{t-1} + b)",
            r"i \in \{0, \dots, T\}",
            r"\prod_{k=1}^{T} A_k = A_T \cdots A_1",
        ],
        [r"\frac{\partial h_T}{\partial h_i} = \prod_{t=i+1}^{T} \operatorname{diag}(1-h_t^2) W"],
        [],
    ),
    (
        [
            r"T \in \mathbb{N}",
            r"W \in \mathbb{R}^{d \times d}",
            r"h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"b \in \mathbb{R}^d",
            r"h_t = \tanh(W h_{t-1} + b)",
        ],
        [r"\frac{\partial h_{i+1}}{\partial h_i} = \operatorname{diag}(1-h_{i+1}^2) W"],
        [r"\frac{\partial h_{i+1}}{\partial h_i} = \operatorname{diag}(1-h_{i}^2) W"],
    ),
    (
        [
            r"T \in \mathbb{N}",
            r"W \in \mathbb{R}^{d \times d}",
            r"h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"b \in \mathbb{R}^d",
            r"h_t = \tanh(W h_{t-1} + b)",
            r"i \in \{0, \dots, T-1\}",
        ],
        [
            r"\frac{\partial h_T}{\partial h_i} = \frac{\partial h_T}{\partial h_{T-1}} \frac{\partial h_{T-1}}{\partial h_i}"
        ],
        [],
    ),
    (
        [
            r"T \in \mathbb{N}",
            r"W \in \mathbb{R}^{d \times d}",
            r"h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"h_t = W h_{t-1}",
            r"i \in \{0, \dots, T\}",
        ],
        [r"\frac{\partial h_T}{\partial h_i} = W^{T-i}"],
        [r"\frac{\partial h_T}{\partial h_i} = W^{T-i+1}"],
    ),
    (
        [r"n \in \mathbb{N}", r"r \in \mathbb{R}"],
        [r"\sum_{k=0}^{n-1} r^k = \frac{1-r^n}{1-r}"],
        [r"\sum_{k=0}^{n} r^k = \frac{1-r^n}{1-r}"],
    ),
    (
        [r"T \in \mathbb{N}", r"x_t \in \mathbb{R} \text{ for } t=0,\dots,T"],
        [r"\sum_{t=1}^{T} x_{t-1} = \sum_{t=0}^{T} x_t - x_T", r"\sum_{t=1}^{T} (x_t - x_{t-1}) = x_T - x_0"],
        [r"\sum_{t=1}^{T} x_{t} = \sum_{t=0}^{T} x_t - x_T"],
    ),
    (
        [
            r"T \in \mathbb{N}",
            r"W_{hh} \in \mathbb{R}^{d \times d}",
            r"W_{ih} \in \mathbb{R}^{d \times n}",
            r"b_h \in \mathbb{R}^d",
            r"x_t \in \mathbb{R}^n \text{ for } t=1,\dots,T",
            r"h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"h_t = \tanh(W_{hh} h_{t-1} + W_{ih} x_t + b_h)",
        ],
        [
            r"\frac{\partial h_T}{\partial b_h} = \sum_{t=1}^{T} \frac{\partial h_T}{\partial h_t} \frac{\partial^+ h_t}{\partial b_h}"
        ],
        [
            r"\frac{\partial h_T}{\partial b_h} = \sum_{t=1}^{T-1} \frac{\partial h_T}{\partial h_t} \frac{\partial^+ h_t}{\partial b_h}"
        ],
    ),
    (
        [
            r"W_z, W_r, W \in \mathbb{R}^{n \times m}",
            r"U_z, U_r, U \in \mathbb{R}^{n \times n}",
            r"x_t \in \mathbb{R}^m \text{ for } t = 1, \dots, T",
            r"z_t, r_t, \hat{h}_t \in \mathbb{R}^n \text{ for } t = 1, \dots, T",
            r"h_t \in \mathbb{R}^n \text{ for } t = 0, \dots, T",
            r"\sigma(x) = \frac{1}{1 + \exp(-x)}",
            r"z_t = \sigma(W_z x_t + U_z h_{t-1})",
            r"r_t = \sigma(W_r x_t + U_r h_{t-1})",
            r"\hat{h}_t = \tanh(W x_t + r_t \circ U h_{t-1})",
            r"h_t = (1 - z_t) \circ h_{t-1} + z_t \circ \hat{h}_t",
        ],
        [
            r"h_t - h_{t-1} = z_t \circ (\hat{h}_t - h_{t-1})",
            r"\frac{\partial h_t}{\partial z_t} = \operatorname{diag}(\hat{h}_t - h_{t-1})",
            r"\frac{\partial z_t}{\partial h_{t-1}} = \operatorname{diag}(z_t\circ(1-z_t)) U_z",
            r"\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1-z_t) + \operatorname{diag}(\hat h_t - h_{t-1})\frac{\partial z_t}{\partial h_{t-1}} + \operatorname{diag}(z_t)\frac{\partial \hat h_t}{\partial h_{t-1}}",
        ],
        [r"\frac{\partial z_t}{\partial h_{t-1}} = \operatorname{diag}(z_t\circ(1+z_t)) U_z"],
    ),
    (
        [
            r"x \in \mathbb{R}^{2D_x}",
            r"W_1 \in \mathbb{R}^{D_p \times 2D_x}",
            r"W_2 \in \mathbb{R}^{2D_x \times D_p}",
            r"b_1 \in \mathbb{R}^{D_p}",
            r"b_2 \in \mathbb{R}^{2D_x}",
            r"h = W_1 x + b_1",
            r"p = \operatorname{ReLU}(h)",
            r"x' \in \mathbb{R}^{2D_x}",
            r"x' = W_2 p + b_2",
            r"J_1 = \frac{1}{2} \|x' - x\|^2",
            r"\delta_1 = \frac{\partial J_1}{\partial p}",
            r"\delta_2 = \frac{\partial J_1}{\partial h}",
        ],
        [
            r"\delta_2 = \delta_1 \circ \mathbb{1}\{p > 0\}",
            r"\delta_2 = \delta_1 \circ \mathbb{1}\{h > 0\}",
            r"\frac{\partial J_1}{\partial W_1} = \delta_2 x^\top",
            r"\frac{\partial J_1}{\partial b_1} = \delta_2",
        ],
        [r"\frac{\partial J_1}{\partial W_1} = x \delta_2^\top"],
    ),
    (
        [
            r"C_t, f_t, i_t, g_t, o_t, h_t \in \mathbb{R}^d \text{ for } t = 1, \dots, T",
            r"W_f, W_i, W_g, W_o \in \mathbb{R}^{d \times m}",
            r"U_f, U_i, U_g, U_o \in \mathbb{R}^{d \times d}",
            r"x_t \in \mathbb{R}^m \text{ for } t = 1, \dots, T",
            r"\sigma(a) = \frac{1}{1+e^{-a}}",
            r"C_t, h_t \in \mathbb{R}^d \text{ for } t = 0, \dots, T",
            r"f_t = \sigma(W_f x_t + U_f h_{t-1})",
            r"i_t = \sigma(W_i x_t + U_i h_{t-1})",
            r"o_t = \sigma(W_o x_t + U_o h_{t-1})",
            r"g_t = \tanh(W_g x_t + U_g h_{t-1})",
            r"C_t = f_t \odot C_{t-1} + i_t \odot g_t",
            r"h_t = o_t \odot \tanh(C_t)",
        ],
        [
            r"\frac{\partial^+ C_t}{\partial C_{t-1}} = \operatorname{diag}(f_t)",
            r"\frac{\partial C_t}{\partial C_{t-1}} = \operatorname{diag}(f_t)",
            r"\frac{\partial f_t}{\partial h_{t-1}} = \operatorname{diag}(f_t\odot(1-f_t)) U_f",
            r"\frac{\partial C_t}{\partial h_{t-1}} = \operatorname{diag}(C_{t-1}\odot f_t\odot(1-f_t)) U_f + \operatorname{diag}(g_t\odot i_t\odot(1-i_t)) U_i + \operatorname{diag}(i_t\odot(1-g_t^2)) U_g",
        ],
        [],
    ),
    (
        [
            r"Q, K \in \mathbb{R}^{n \times d}",
            r"V \in \mathbb{R}^{n \times m}",
            r"S = \frac{QK^\top}{\sqrt{d}}",
            r"P = \operatorname{softmax}(S)",
            r"O = PV",
            r"G \in \mathbb{R}^{n \times m}",
            r"L = \operatorname{tr}(G^\top O)",
        ],
        [
            r"\frac{\partial L}{\partial V} = P^\top G",
            r"\frac{\partial L}{\partial P} = G V^\top",
            r"\frac{\partial L}{\partial Q} = \frac{1}{\sqrt{d}}\frac{\partial L}{\partial S} K",
            r"\frac{\partial L}{\partial S_{ij}} = P_{ij}\left(\frac{\partial L}{\partial P_{ij}} - \sum_k P_{ik}\frac{\partial L}{\partial P_{ik}}\right)",
        ],
        [r"\frac{\partial L}{\partial Q} = \frac{1}{\sqrt{d}}\frac{\partial L}{\partial S} Q"],
    ),
    (
        [
            r"x \in \mathbb{R}^m",
            r"\mu = \frac1m\sum_i x_i",
            r"v = \frac1m\sum_i(x_i-\mu)^2",
            r"\epsilon > 0",
            r"\hat x \in \mathbb{R}^m",
            r"\hat x_i = \frac{x_i-\mu}{\sqrt{v+\epsilon}}",
        ],
        [
            r"\frac{\partial \hat x_i}{\partial x_j} = \frac{1}{\sqrt{v+\epsilon}}\left(\delta_{ij}-\frac1m-\frac{\hat x_i\hat x_j}{m}\right)"
        ],
        [],
    ),
    (
        [r"\mu \in \mathbb{R}^d", r"\sigma \in \mathbb{R}^d", r"\sigma_j > 0"],
        [
            r"D_{KL}(\mathcal{N}(\mu,\operatorname{diag}(\sigma^2))\|\mathcal{N}(0,I)) = \frac12\sum_j(\sigma_j^2+\mu_j^2-1-\log\sigma_j^2)"
        ],
        [],
    ),
    (
        [
            r"v_c \in \mathbb{R}^d",
            r"U \in \mathbb{R}^{d \times n}",
            r"y \in \{0,1\}^n",
            r"\sum_i y_i = 1",
            r"\hat y = \operatorname{softmax}(U^\top v_c)",
            r"J = -\sum_w y_w \log \hat y_w",
        ],
        [r"\frac{\partial J}{\partial v_c} = U(\hat y - y)", r"\frac{\partial J}{\partial U} = v_c(\hat y - y)^\top"],
        [r"\frac{\partial J}{\partial U} = (\hat y - y)v_c^\top"],
    ),
    (
        [r"X \in \mathbb{R}^{n \times d}", r"C = \frac1n X^\top X", r"w \in \mathbb{R}^d", r"\lambda \in \mathbb{R}"],
        [r"\frac1n\|Xw\|^2 = w^\top C w", r"\nabla_w(w^\top C w-\lambda(w^\top w-1)) = 2Cw-2\lambda w"],
        [],
    ),
    (
        [r"X \sim \mathcal{N}(\mu, \sigma^2)", r"\mu \in \mathbb{R}", r"\sigma > 0", r"a, b \in \mathbb{R}"],
        [r"\operatorname{Var}(aX+b) = a^2\sigma^2"],
        [],
    ),
    (
        [r"X \sim \mathcal{N}(\mu, \sigma^2)", r"\mu \in \mathbb{R}", r"\sigma > 0"],
        [r"\mathbb{E}[X^4] = \mu^4+6\mu^2\sigma^2+3\sigma^4"],
        [],
    ),
]
RIGHT = [(given, claim) for given, right, _ in BLOCKS for claim in right]
WRONG = [(given, claim) for given, _, wrong in BLOCKS for claim in wrong]
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"


def proofs(given: list[str], claim: str) -> list[bool]:
    """For each claim of a text whether it is proved."""
    scope, _ = read_givens(given)
    previous, found = None, []
    for piece in split_lines(claim):
        previous = read_statement(piece.text, scope, previous)
        scope = previous.scope
        assert previous.links, f"{piece.text} was not read: {previous.findings}"
        for link in previous.links:
            if link.kind == "claim":
                found.append(link.claim is not None and rung(link.claim, link.model, Work()) is not None)
    return found


@pytest.mark.parametrize(("given", "claim"), RIGHT, ids=[claim for _, claim in RIGHT])
def test_proved(given, claim):
    found = proofs(given, claim)
    assert found and all(found)


@pytest.mark.parametrize(("given", "claim"), WRONG, ids=[claim for _, claim in WRONG])
def test_not_proved(given, claim):
    assert not all(proofs(given, claim))


def rows(name: str) -> list[dict]:
    path = CASES / name
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.skipif(not CASES.exists(), reason="the open cases are not beside this checkout")
def test_three_quarters_of_the_open_equalities_are_proved_and_nothing_false():
    proved = total = 0
    for row in rows("identities-open.jsonl") + rows("chains-open.jsonl"):
        if any(word in row["claim"] for word in (r"\le ", r"\ge", ">", "<")):
            continue
        done = proofs(row["given"], row["claim"])
        if row["expect"] == "true":
            total += 1
            proved += all(done)
        else:
            assert not done or not all(done), row["id"]
    assert total > 40 and proved >= 0.75 * total, f"{proved} of {total}"
