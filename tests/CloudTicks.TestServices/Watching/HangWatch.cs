using System.Diagnostics;
using System.Globalization;
using System.Text;
using Xunit.Sdk;

namespace CloudTicks.TestServices.Watching;

/// <summary>
/// Ends the test process and names the tests in progress if a test exceeds the limit, or if a fixture or the end of the run makes no
/// progress within the limit. The watch has its own thread, because a hang may block the whole thread pool.
/// </summary>
internal sealed class HangWatch : IMessageSink
{
    /// <summary>The environment variable with the limit in minutes; the default is ten.</summary>
    public const string LimitVariable = "CLOUDTICKS_TEST_MINUTES";

    /// <summary>Environment variables that request long tests.</summary>
    private static readonly string[] LongRunVariables =
    [
        "CLOUDTICKS_LONG", "CLOUDTICKS_KILL_ROUNDS", "CLOUDTICKS_CHAOS_ROUNDS", "CLOUDTICKS_LOCK_SECONDS", "CLOUDTICKS_DECODER_FRAMES",
        "CLOUDTICKS_ENDURANCE", "CLOUDTICKS_STRANGE_REQUESTS", "CLOUDTICKS_LAKE_ROUNDS",
    ];

    // The watching thread waits on this lock, without periodic polling, until the earliest time at which the limit may be exceeded.
    private readonly object _lock = new();
    private readonly Dictionary<string, string> _collections = [];
    private readonly IMessageSink _next;
    private readonly RunningTests _tests;
    private readonly TimeSpan _limit;
    private long _lastMessageAt = TimeProvider.System.GetTimestamp();

    private HangWatch(IMessageSink next, RunningTests tests, TimeSpan limit)
    {
        _next = next;
        _tests = tests;
        _limit = limit;
        new Thread(Watch) { IsBackground = true, Name = nameof(HangWatch) }.Start();
    }

    /// <summary>The limit; null in runs with long tests and under a debugger, unless <see cref="LimitVariable"/> is set.</summary>
    public static TimeSpan? Limit { get; } = ReadLimit();

    /// <summary>Wraps a sink to watch its messages, if there is a limit.</summary>
    public static IMessageSink Wrap(IMessageSink sink, RunningTests tests) =>
        Limit is { } limit ? new HangWatch(sink, tests, limit) : sink;

    /// <inheritdoc/>
    public bool OnMessage(IMessageSinkMessage message)
    {
        lock (_lock)
        {
            _lastMessageAt = TimeProvider.System.GetTimestamp();
            switch (message)
            {
                case ITestCollectionStarting collection:
                    _collections[collection.TestCollectionUniqueID] = collection.TestCollectionDisplayName;
                    break;
                case ITestCollectionFinished collection:
                    _collections.Remove(collection.TestCollectionUniqueID);
                    break;
            }
        }

        return _next.OnMessage(message);
    }

    private void Watch()
    {
        lock (_lock)
        {
            while (_limit - TimeProvider.System.GetElapsedTime(Earliest()) is var remaining && remaining > TimeSpan.Zero)
            {
                Monitor.Wait(_lock, remaining);
            }

            // FailFast exits even if threads are stuck; the servers that the process started exit with it.
            Environment.FailFast(Describe());
        }
    }

    private static TimeSpan? ReadLimit()
    {
        var minutes = Environment.GetEnvironmentVariable(LimitVariable);
        var isLong = LongRunVariables.Any(static setting => Environment.GetEnvironmentVariable(setting) is not null);
        return minutes is null && (isLong || Debugger.IsAttached)
            ? null
            : TimeSpan.FromMinutes(minutes is null ? 10 : double.Parse(minutes, CultureInfo.InvariantCulture));
    }

    private long Earliest() => _tests.All.Select(test => test.Since).Append(_lastMessageAt).Min();

    private string Describe()
    {
        var text = new StringBuilder().AppendLine(
            CultureInfo.InvariantCulture, $"A test hangs: the limit is {_limit.TotalMinutes:0.##} minutes. Tests in progress:");
        foreach (var (name, since) in _tests.All.OrderBy(test => test.Since))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {name}, for {TimeProvider.System.GetElapsedTime(since):hh\\:mm\\:ss}");
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Collections in progress: {string.Join("; ", _collections.Values.Order())}");
        return text.ToString();
    }
}
