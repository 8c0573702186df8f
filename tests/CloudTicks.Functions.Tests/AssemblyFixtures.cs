using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]
[assembly: AssemblyFixture(typeof(DuckDbFixture))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(NatsFixture))]
