using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// Writes each test's start, result and seconds into a file of the test process, for <c>.ci/run</c>, which names from it the slowest
/// tests, those that failed with the reason, and those in progress when it runs out of time.
/// </summary>
internal sealed class TestJournal : IMessageSink
{
    /// <summary>The folder; without it there is no journal.</summary>
    public const string FolderVariable = "CLOUDTICKS_TEST_JOURNAL";

    /// <summary>Characters from the start and from the end of a long reason: a process's output ends with what matters.</summary>
    private const int ReasonEdge = 300;

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
                Write("failed", test.TestUniqueID, ReasonOf(test));
                break;
            case ITestFinished test:
                Write("finished", test.TestUniqueID);
                break;
        }

        return _next.OnMessage(message);
    }

    private static string ReasonOf(ITestFailed test)
    {
        var message = string.Join(" ", test.Messages).ReplaceLineEndings(" ").Replace('\t', ' ');
        var shown = message.Length > 2 * ReasonEdge ? $"{message[..ReasonEdge]} ... {message[^ReasonEdge..]}" : message;
        return $"{shown} {FirstOwnLine(test.StackTraces)}";
    }

    private static string? FirstOwnLine(IEnumerable<string?> stackTraces) => stackTraces
        .SelectMany(trace => trace?.Split('\n') ?? []).FirstOrDefault(line => line.Contains(".cs:line ", StringComparison.Ordinal))?.Trim();

    private void Write(string what, string test, string reason = "")
    {
        if (_tests.Find(test) is { } running)
        {
            var seconds = TimeProvider.System.GetElapsedTime(running.Since).TotalSeconds;
            var name = running.Name.ReplaceLineEndings(" ");
            var line = string.Create(CultureInfo.InvariantCulture, $"{what}\t{seconds:0.0}\t{name}\t{reason}\n");
            lock (_lock)
            {
                File.AppendAllText(_file, line);
            }
        }
    }
}
