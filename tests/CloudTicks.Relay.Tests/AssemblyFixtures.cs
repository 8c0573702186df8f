using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]
[assembly: AssemblyFixture(typeof(DuckDbFixture))]
