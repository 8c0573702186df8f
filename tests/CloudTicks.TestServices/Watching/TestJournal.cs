using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// Writes each test's start, result and duration into a file per test process. From it <c>.ci/run</c> reports the slowest tests, the
/// failures with their reasons, and the tests in progress at its time limit.
/// </summary>
internal sealed class TestJournal : IMessageSink
{
    /// <summary>The environment variable with the folder; if it is not set, there is no journal.</summary>
    public const string FolderVariable = "CLOUDTICKS_TEST_JOURNAL";

    /// <summary>
    /// How many characters of a long reason are kept from its start and from its end: process output ends with the important part.
    /// </summary>
    private const int ReasonEndLength = 300;

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly IMessageSink _next;
    private readonly RunningTests _tests;

    private TestJournal(IMessageSink next, RunningTests tests, string folder)
    {
        (_next, _tests) = (next, tests);
        var process = Process.GetCurrentProcess();
        _file = Path.Combine(folder, $"{process.ProcessName}-{process.Id}.journal");
    }

    /// <summary>Wraps a sink to record its messages, if the environment names a folder.</summary>
    public static IMessageSink Wrap(IMessageSink sink, RunningTests tests) =>
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
        var shown = message.Length > 2 * ReasonEndLength ? $"{message[..ReasonEndLength]} ... {message[^ReasonEndLength..]}" : message;
        return $"{shown} {FirstOwnLine(test.StackTraces)}";
    }

    private static string? FirstOwnLine(IEnumerable<string?> stackTraces) => stackTraces
        .SelectMany(trace => trace?.Split('\n') ?? []).FirstOrDefault(line => line.Contains(".cs:line ", StringComparison.Ordinal))?.Trim();

    private void Write(string outcome, string test, string reason = "")
    {
        if (_tests.Find(test) is { } running)
        {
            var seconds = TimeProvider.System.GetElapsedTime(running.Since).TotalSeconds;
            var name = running.Name.ReplaceLineEndings(" ");
            var line = string.Create(CultureInfo.InvariantCulture, $"{outcome}\t{seconds:0.0}\t{name}\t{reason}\n");
            lock (_lock)
            {
                File.AppendAllText(_file, line);
            }
        }
    }
}
