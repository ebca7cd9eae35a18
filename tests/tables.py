"""All tables of a service in one go: thousands of tests begin with an empty database."""

from functools import cache

from sqlalchemy import Engine, Executable, MetaData, create_mock_engine


def create_tables(engine: Engine, metadata: MetaData) -> None:
    """What `metadata.create_all` makes in an empty database, told to it as one script."""
    script = _script(metadata, engine.dialect.name)
    connection = engine.raw_connection()
    try:
        if engine.dialect.name == "sqlite":
            connection.driver_connection.executescript(script)  # type: ignore[union-attr]
        else:
            connection.cursor().execute(script)
        connection.commit()
    finally:
        connection.close()


@cache
def _script(metadata: MetaData, dialect: str) -> str:
    statements: list[str] = []

    def keep(statement: Executable, *_rest: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine("sqlite://" if dialect == "sqlite" else f"{dialect}+psycopg://", keep)
    metadata.create_all(engine, checkfirst=False)
    return ";\n".join(statements)
