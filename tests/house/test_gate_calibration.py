"""The calibration of the gate: its document has every case and names the command, and no case cries wolf."""

from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "gate-calibration.md"
MOST_FALSE_ALARMS = 2.0
OF_CODES = (
    "aggregate_posterior_gap", "total_correlation", "mig", "dci_disentanglement", "dci_completeness",
    "dci_informativeness", "linear_probe_accuracy [digit]", "log_likelihood", "approximation_gap", "amortization_gap",
    "interpolation_realism [lerp]", "attribute_direction_accuracy [digit]",
)  # fmt: skip


def cells(table):
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:] if line]


def rows():
    return cells(DOCUMENT.read_text(encoding="utf-8").rpartition("| candidate |")[2])


def of_codes(head):
    """The rows of a table of numbers of codes, chains and moved latents, by the head of its first column."""
    table = DOCUMENT.read_text(encoding="utf-8").partition("written by benchmarks/gate_codes.py")[2]
    return cells(table.partition(f"| {head} |")[2].partition("\n\n")[0])


def test_the_document_names_its_command():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert "python benchmarks/gate_codes.py --write docs/gate-calibration.md" in text
    assert "python benchmarks/gate_calibration.py --pairs 600 --power 50 --write docs/gate-calibration.md" in text


def test_equal_models_fail_no_more_than_two_gates_of_a_hundred_in_at_least_500_pairs():
    equal = [row for row in rows() if row[0].startswith("equal models")]
    assert sum(int(row[2]) for row in equal) >= 500
    for row in equal:
        for column in (3, 7):  # at 5 % and at no tolerance
            share, error = map(float, row[column].split("±"))
            assert share + 2 * error <= MOST_FALSE_ALARMS


def test_every_known_degradation_stands_in_it_paired_and_independent():
    found = {(row[0], row[1]) for row in rows()}
    cases = ("noise, fid 5% worse", "noise, fid 10% worse", "noise, fid 25% worse", "digit 3 dropped",
             "odds of orange × 1.5", "1,500 of 3,000 steps")  # fmt: skip
    assert {(case, design) for case in cases for design in ("independent", "paired")} <= found


def test_numbers_of_codes_chains_and_moved_latents_do_not_cry_wolf_either():
    equal = [row for row in of_codes("candidate") if row[0].startswith("equal models")]
    assert sum(int(row[2]) for row in equal) >= 300
    for row in equal:
        for column in (3, 4):  # at 5 % and at no tolerance
            share, error = map(float, row[column].split("±"))
            assert share <= MOST_FALSE_ALARMS + 2 * error


def test_every_number_of_them_has_a_row_and_few_differences_beyond_what_its_error_allows():
    numbers = {row[0].strip("`"): row for row in of_codes("number")}
    assert set(OF_CODES) <= set(numbers)
    for row in numbers.values():
        # 1 % is nominal, 3 % with the 4 degrees of freedom of five blocks; 100 pairs know 3 % to 1.7
        assert max(float(row[3]), float(row[5])) <= 5
