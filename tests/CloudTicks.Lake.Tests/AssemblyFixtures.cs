[assembly: AssemblyFixture(typeof(CloudTicks.TestServices.DuckDbFixture))]
[assembly: AssemblyFixture(typeof(CloudTicks.TestServices.NativeLibrariesFixture))]
[assembly: AssemblyFixture(typeof(CloudTicks.TestServices.PostgresFixture))]
