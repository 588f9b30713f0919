"""Two persons become one: whose rows are whose from then on, and whether any were forgotten."""

from __future__ import annotations

from storage.rows import Transaction


def mark_profile(tx: Transaction, kept: int, gone: int) -> None:
    """Keep of a person what another one, who they turn out to be, has not: language, introduction, first day."""
    tx.execute(
        "UPDATE persons SET greeted = max(persons.greeted, other.greeted),"
        " first_seen = min(persons.first_seen, other.first_seen),"
        " seen_on = max(persons.seen_on, other.seen_on), absence_told_on = NULL,"
        " language = CASE WHEN persons.language = '' OR other.language_chosen > persons.language_chosen"
        " THEN other.language ELSE persons.language END,"
        " language_chosen = max(persons.language_chosen, other.language_chosen)"
        " FROM persons other WHERE persons.id = ? AND other.id = ?",
        (kept, gone),
    )


def hand_over(tx: Transaction, table: str, column: str, kept: int, gone: int) -> int:
    """Give a person's rows to another one, where nothing can stand in the way; returns how many."""
    return tx.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (kept, gone))


def hand_over_once(tx: Transaction, table: str, column: str, unique: str, kept: int, gone: int) -> None:
    """Give a person's rows to another one who has at most one for each ``unique``: what they have stays."""
    tx.execute(
        f"DELETE FROM {table} WHERE {column} = ?"
        f" AND {unique} IN (SELECT {unique} FROM {table} WHERE {column} = ?)",
        (gone, kept),
    )
    hand_over(tx, table, column, kept, gone)


def list_person_columns(tx: Transaction) -> list[tuple[str, str]]:
    """Every table and column that refers to persons, by a foreign key or its name: what is to be handed over."""
    return tx.values(
        'SELECT t.name, f."from" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f'
        " WHERE t.type = 'table' AND f.\"table\" = 'persons'"
        " UNION SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c"
        " WHERE t.type = 'table' AND c.name = 'person_id'"
    )


def list_references(tx: Transaction, person_id: int) -> list[str]:
    """Where a person is still referred to, as ``table.column``."""
    return [
        f"{table}.{column}"
        for table, column in list_person_columns(tx)
        if tx.value(f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", (person_id,))
    ]


def remove_person(tx: Transaction, person_id: int) -> None:
    """Forget a person who is somebody else now. Nothing may refer to them any more.

    Raises:
        ValueError: Something does; it would go with them.
    """
    if left := list_references(tx, person_id):
        raise ValueError(f"no merge hands over {', '.join(left)}")
    tx.execute("DELETE FROM persons WHERE id = ?", (person_id,))
