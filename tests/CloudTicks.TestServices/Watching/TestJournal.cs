using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// Writes each test's start, result and seconds into a file of the test process, for <c>.ci/run</c>, which names from it the slowest
/// tests, and those in progress when it runs out of time.
/// </summary>
internal sealed class TestJournal : IMessageSink
{
    /// <summary>The folder; without it there is no journal.</summary>
    public const string FolderVariable = "CLOUDTICKS_TEST_JOURNAL";

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly IMessageSink _next;
    private readonly RunningTests _tests;

    private TestJournal(IMessageSink next, RunningTests tests, string folder)
    {
        (_next, _tests) = (next, tests);
        var program = Process.GetCurrentProcess();
        _file = Path.Combine(folder, $"{program.ProcessName}-{program.Id}.journal");
    }

    /// <summary>Writes down what a sink is told, if the environment names a folder.</summary>
    public static IMessageSink Beside(IMessageSink sink, RunningTests tests) =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? new TestJournal(sink, tests, folder) : sink;

    /// <inheritdoc/>
    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestStarting test:
                Write("started", test.TestUniqueID);
                break;
            case ITestPassed test:
                Write("passed", test.TestUniqueID);
                break;
            case ITestFailed test:
                Write("failed", test.TestUniqueID);
                break;
            case ITestFinished test:
                Write("finished", test.TestUniqueID);
                break;
        }

        return _next.OnMessage(message);
    }

    private void Write(string what, string test)
    {
        if (_tests.Find(test) is { } running)
        {
            var seconds = TimeProvider.System.GetElapsedTime(running.Since).TotalSeconds;
            var line = string.Create(CultureInfo.InvariantCulture, $"{what}\t{seconds:0.0}\t{running.Name.ReplaceLineEndings(" ")}\n");
            lock (_lock)
            {
                File.AppendAllText(_file, line);
            }
        }
    }
}
