"""Rings of a whole dataset: facts of parcels mark orders, links tie accounts, and the judge hears of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ring_market import TABLES, write
from typer.testing import CliRunner

from parcelproof.cli import app
from parcelproof.errors import UsageError
from parcelproof.verdicts.judge import judge
from parcelproof.verdicts.rings_alone import find_rings

POLICY = "douyin-shop"
VICTIM = "M121"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rings")


@pytest.fixture(scope="module")
def found(folder: Path) -> Path:
    """The rings of a market that has some."""
    find_rings(write(folder / "market", rings=True), policy=POLICY, out=folder / "found")
    return folder / "found"


def rows(path: Path, sql: str) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(sql.replace("$", str(path))).fetchall()


def test_only_accounts_of_the_rings_are_members(found: Path) -> None:
    kinds: dict[str, int] = dict(
        rows(found, "select regexp_replace(member_id, '[0-9-]', '', 'g'), count(*) from '$/ring_members.parquet' where member_kind = 'buyer' group by 1")
    )
    assert kinds.keys() == {"RING", "SYB", "GIFT"}
    assert kinds["RING"] >= 28
    assert kinds["SYB"] >= 228
    assert kinds["GIFT"] >= 100


def test_accounts_of_one_order_each_are_tied_by_who_pays(found: Path) -> None:
    sides = rows(found, "select distinct sides from '$/rings.parquet' inner join '$/ring_members.parquet' using (ring_id) where member_id like 'SYB%'")
    assert sides == [("payer",)]


def test_gift_parcels_are_tied_by_who_sends_them_and_a_warehouse_of_two_shops_is_none(found: Path) -> None:
    sides = rows(found, "select distinct sides from '$/rings.parquet' inner join '$/ring_members.parquet' using (ring_id) where member_id like 'GIFT%'")
    assert sides == [("sender",)]
    assert rows(found, "select count(*) from '$/ring_members.parquet' where member_id in ('M148', 'M149')") == [(0,)]


def test_a_rival_whose_own_parcels_are_whole_is_a_possible_victim_and_one_whose_goods_weigh_nothing_is_not(found: Path) -> None:
    assert rows(found, "select role from '$/ring_members.parquet' where member_id = 'M103'") == [("member",)]
    assert rows(found, "select member_id from '$/ring_members.parquet' where role = 'possible_victim'") == [(VICTIM,)]


def test_a_ring_says_what_it_rests_on(found: Path) -> None:
    assert rows(found, "select count(*) from '$/rings.parquet' where score <= 2 * expected_score or p_value > 0.0001") == [(0,)]
    assert rows(found, "select count(*) from '$/rings.parquet' where flagged_orders > orders or merchants < 2 or buyers < 5") == [(0,)]
    flags = {flag for (flag,) in rows(found, "select distinct flag from '$/ring_flags.parquet'")}
    assert flags == {"light", "confirmed_at_once"}
    assert rows(found, "select distinct kind from '$/ring_shares.parquet'") == [("payer",)]


def test_members_add_up_to_their_ring(found: Path) -> None:
    wrong = """
        select ring_id from '$/rings.parquet' as r inner join '$/ring_members.parquet' as m using (ring_id)
        group by all having sum(m.orders) <> 2 * any_value(r.orders) or count(*) filter (member_kind = 'buyer') <> any_value(r.buyers)
            or count(*) filter (member_kind = 'merchant') <> any_value(r.merchants)
    """
    assert rows(found, wrong) == []


def test_families_offices_dormitories_fans_crowds_and_warehouses_stay_free(folder: Path) -> None:
    told = find_rings(write(folder / "honest", rings=False, seed=2), policy=POLICY, out=folder / "free")
    assert told["rings"] == []


def test_the_border_of_two_windows_cuts_no_ring(folder: Path, found: Path) -> None:
    cut = write(folder / "cut", rings=True)
    with duckdb.connect() as db:
        db.execute(f"create table orders as from '{cut}/orders.parquet'")
        db.execute(
            "insert into orders by name select * replace ('EARLY' as order_id, paid_at - interval 20 days as paid_at) from orders order by paid_at limit 1"
        )
        db.execute(f"copy orders to '{cut}/orders.parquet'")
    find_rings(cut, policy=POLICY, out=folder / "uncut")
    placed = "select count(*) from '$/rings.parquet' inner join '$/ring_orders.parquet' using (ring_id)"
    kept = f"{placed} where order_id in (select order_id from '{found}/ring_orders.parquet')"
    assert rows(folder / "uncut", kept)[0][0] >= 0.9 * rows(found, placed)[0][0]


def test_shuffled_rows_and_one_thread_give_the_same_files(folder: Path, found: Path) -> None:
    again = folder / "again"
    find_rings(write(folder / "shuffled", rings=True, order="hash(columns(*)::varchar)"), policy=POLICY, out=again, threads=1)
    for path in sorted(found.iterdir()):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


@pytest.mark.parametrize("absent", [("links", "merchants", "warehouses", "receipts"), ("scans", "parcels", "receipts", "links")])
def test_a_missing_table_is_unknown_and_no_fault(folder: Path, absent: tuple[str, ...]) -> None:
    tables = tuple(table for table in TABLES if table not in absent)
    told = find_rings(write(folder / "-".join(absent), rings=True, tables=tables), policy=POLICY, out=folder / "thin")
    buyers = {
        name
        for (name,) in rows(folder / "thin", "select regexp_replace(member_id, '[0-9-]', '', 'g') from '$/ring_members.parquet' where member_kind = 'buyer'")
    }
    assert buyers <= {"RING", "SYB", "GIFT"}
    assert bool(told["rings"]) == ("parcels" not in absent)


def test_an_order_is_proved_by_its_own_parcel_and_the_ring_together(folder: Path, found: Path) -> None:
    with judge(folder / "market", policy=POLICY, out=folder / "judged") as result:
        assert result.table("rings").num_rows == len(rows(found, "from '$/rings.parquet'"))
    sql = """
        select
            concat(v.outcome, ' ', if(p.weight_g = 40, 'light', 'whole'), ' ', if(regexp_matches(o.buyer_id, '^(RING|SYB|GIFT)'), 'ring', 'honest')), count(*)
        from '$/judged/verdicts.parquet' as v
        inner join '$/market/orders.parquet' as o using (order_id)
        inner join '$/market/parcels.parquet' as p using (waybill_no)
        where coalesce(v.offence, 'brushing') = 'brushing'
        group by 1
    """
    outcomes: dict[str, int] = dict(rows(folder, sql))
    assert {key for key in outcomes if key.startswith("violation")} == {"violation light ring"}
    assert outcomes["violation light ring"] >= 200
    assert {key for key in outcomes if key.startswith("suspected")} == {"suspected whole ring"}
    assert rows(folder, f"select count(*) from '$/judged/verdicts.parquet' where merchant_id = '{VICTIM}' and outcome in ('violation', 'suspected')") == [(0,)]
    findings = rows(folder, "select evidence from '$/judged/findings.parquet' where indicator = 'in_ring' limit 1")
    assert json.loads(str(findings[0][0])).keys() == {"ring_id", "ring_p_value", "p_value"}


def test_a_pack_that_says_nothing_of_rings_is_told_in_one_line(folder: Path, found: Path) -> None:  # noqa: ARG001  the market is written there
    with pytest.raises(UsageError, match="has no section `rings`"):
        find_rings(folder / "market", policy="tmall", out=folder / "none")
    with judge(folder / "market", policy="tmall") as result:
        assert result.table("rings").num_rows == 0


def test_the_command_tells_rings_as_json(folder: Path) -> None:
    thin = write(folder / "thin-market", rings=True, tables=tuple(table for table in TABLES if table != "links"))
    done = CliRunner().invoke(app, ["rings", str(thin), "--out", str(folder / "told"), "--output-format", "csv", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert told["rows"]["rings"] == len(told["rings"]) == 2
    assert (folder / "told" / "rings.csv").read_text(encoding="utf-8").startswith("ring_id,merchants,buyers,orders,score,expected_score,p_value")
