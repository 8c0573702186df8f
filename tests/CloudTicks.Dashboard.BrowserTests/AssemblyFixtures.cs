using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]
[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(ChromiumFixture))]
