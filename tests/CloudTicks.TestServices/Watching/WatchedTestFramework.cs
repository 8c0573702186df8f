using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// The test framework of every test project (Directory.Build.props): xunit's own, with a <see cref="HangWatch"/> and a <see
/// cref="TestJournal"/>.
/// </summary>
public sealed class WatchedTestFramework : XunitTestFramework
{
    /// <inheritdoc/>
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) =>
        new Executor(new XunitTestAssembly(assembly, configFileName: null, assembly.GetName().Version));

    private sealed class Executor(IXunitTestAssembly assembly) : XunitTestFrameworkExecutor(assembly)
    {
        public override async ValueTask RunTestCases(
            IReadOnlyCollection<IXunitTestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions,
            CancellationToken cancellationToken)
        {
            var tests = new RunningTests();
            var watched = tests.Track(HangWatch.Wrap(TestJournal.Wrap(executionMessageSink, tests), tests));
            await base.RunTestCases(testCases, watched, executionOptions, cancellationToken);
        }
    }
}
