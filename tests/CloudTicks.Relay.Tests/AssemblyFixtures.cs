using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]
