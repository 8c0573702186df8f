[assembly: AssemblyFixture(typeof(CloudTicks.TestServices.DuckDbFixture))]
