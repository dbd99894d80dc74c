"""d-separation in random DAGs, as networkx has it: the independent reference for SeparationTests.
usage: separation.py > separation.tsv      (networkx >= 3.3: is_d_separator)

A line is a DAG's edges, x, y, z (numbers of nodes, from 0) and whether z separates x from y."""

import random

import networkx as nx

random.seed(5)
for number in range(24):
    nodes = 7 + number % 3
    order = random.sample(range(nodes), nodes)
    chance = (0.25, 0.4)[number % 2]
    edges = [(order[i], order[j]) for i in range(nodes) for j in range(i + 1, nodes) if random.random() < chance]
    graph = nx.DiGraph(edges)
    graph.add_nodes_from(range(nodes))
    for _ in range(10):
        rest = random.sample(range(nodes), nodes)
        x = {rest.pop() for _ in range(random.choice((1, 1, 2)))}
        y = {rest.pop() for _ in range(random.choice((1, 1, 2)))}
        z = set(rest[: random.randint(0, 3)])
        answer = nx.is_d_separator(graph, x, y, z)
        lists = [" ".join(f"{a}>{b}" for a, b in edges)] + [" ".join(map(str, sorted(s))) for s in (x, y, z)]
        print("\t".join([str(nodes)] + lists + [str(answer).lower()]))
