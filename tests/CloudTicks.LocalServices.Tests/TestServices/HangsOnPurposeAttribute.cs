using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace CloudTicks.LocalServices.Tests.TestServices;

/// <summary>A test of a class that hangs on purpose. It exists only in the processes that <see cref="HangWatchTests"/> starts.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer(typeof(Discoverer))]
public sealed class HangsOnPurposeAttribute(
    [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
    : FactAttribute(sourceFilePath, sourceLineNumber)
{
    public sealed class Discoverer : FactDiscoverer
    {
        public override ValueTask<IReadOnlyCollection<IXunitTestCase>> Discover(
            ITestFrameworkDiscoveryOptions discoveryOptions, IXunitTestMethod testMethod, IFactAttribute factAttribute) =>
            Environment.GetEnvironmentVariable(HangWatchTests.Variable) is null
                ? ValueTask.FromResult<IReadOnlyCollection<IXunitTestCase>>([])
                : base.Discover(discoveryOptions, testMethod, factAttribute);
    }
}
