using CloudTicks.EventStream;
using CloudTicks.Functions.Storing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Tests.Storing;

public sealed class StoringOutageTests : IDisposable
{
    private static readonly PostgresException FullDisk = new("could not extend file", "ERROR", "ERROR", PostgresErrorCodes.DiskFull);
    private static readonly PostgresException Deadlock = new("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);

    private readonly ManualClock _time = new();
    private readonly LogLines _lines = new();
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create("Host=db;Port=5433;Database=ticks;Username=u;Password=canary");
    private readonly StoringOutage _outage;

    public StoringOutageTests() => _outage = new StoringOutage(_database, _time, _lines);

    public void Dispose() => _database.Dispose();

    [Fact]
    public void Outage_of_all_partitions_is_logged_as_one()
    {
        for (var seconds = 0; seconds < 130; seconds++)
        {
            for (var partition = 0; partition < 32; partition++)
            {
                _outage.Failed(partition, FullDisk);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _outage.Problem!.ShouldContain("the disk of PostgreSQL at db:5433 is full (53100: could not extend file). Free space on it.");
        for (var partition = 0; partition < 32; partition++)
        {
            _outage.Stored(partition);
        }

        _outage.Problem.ShouldBeNull();
        _lines.Logged.Count.ShouldBe(4, string.Join('\n', _lines.Logged));
        _lines.Logged[0].ShouldStartWith("Ticks are not stored, and wait in the archive: ");
        _lines.Logged[1].ShouldStartWith("Ticks are still not stored after 60 s, and 32 partitions are waiting: ");
        _lines.Logged[2].ShouldStartWith("Ticks are still not stored after 120 s, and 32 partitions are waiting: ");
        _lines.Logged[3].ShouldBe("Ticks are stored again, after 130 s");
        _lines.Logged.ShouldAllBe(line => !line.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public void New_cause_is_logged_immediately_and_an_earlier_one_not_again()
    {
        _outage.Failed(1, FullDisk);
        _outage.Failed(1, new EventStreamException("the event hub is unreachable"));
        _outage.Failed(1, FullDisk);

        _lines.Logged.Count.ShouldBe(2);
        _lines.Logged[1].ShouldContain("the event hub is unreachable");
    }

    [Fact]
    public void Conflict_is_logged_only_when_it_lasts()
    {
        _outage.Failed(1, Deadlock);
        _time.Advance(TimeSpan.FromSeconds(4));
        _outage.Failed(1, Deadlock);
        _outage.Stored(1);
        _lines.Logged.ShouldBeEmpty();

        _outage.Failed(1, Deadlock);
        _time.Advance(TimeSpan.FromSeconds(6));
        _outage.Failed(1, Deadlock);
        _outage.Stored(1);

        _lines.Logged.Count.ShouldBe(2);
        _lines.Logged[0].ShouldContain("another session blocks a statement in database");
    }

    [Fact]
    public void Partition_of_another_host_does_not_prolong_the_outage()
    {
        _outage.Failed(1, FullDisk);
        _outage.Abandon(1);

        _outage.Problem.ShouldBeNull();
    }

    private sealed class ManualClock : TimeProvider
    {
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Advance(TimeSpan time) => _timestamp += time.Ticks;
    }

    private sealed class LogLines : ILogger<StoringOutage>
    {
        public List<string> Logged { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Logged.Add(formatter(state, exception));
    }
}
