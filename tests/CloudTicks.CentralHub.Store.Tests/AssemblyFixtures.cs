using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
