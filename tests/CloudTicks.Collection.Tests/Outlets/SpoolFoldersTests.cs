using CloudTicks.Collection.EventHub;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Outlets;

public sealed class SpoolFoldersTests : IDisposable
{
    private static readonly SpoolDestination ServerA = SpoolDestination.Of(new Uri("http://127.0.0.1:9100/db_command"));
    private static readonly SpoolDestination ServerB = SpoolDestination.Of(new Uri("http://ticks.example:9100/db_command"));

    private readonly TemporaryFolder _folder = new();
    private readonly CapturedLog _log = new();
    private readonly DataFolder _data;

    public SpoolFoldersTests() =>
        _data = DataFolder.Open(new CollectorOptions { DataFolder = _folder.File("data"), FeedName = FeedName.Simulated });

    public void Dispose()
    {
        _data.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Choose_separates_records_of_two_servers()
    {
        Choose(SpoolFolders.DbServer, ServerA).ShouldBe("spool-db-server");
        Fill("spool-db-server");

        Choose(SpoolFolders.DbServer, ServerB).ShouldBe("spool-db-server-2");
        _log.Lines.ShouldContain(line => line.Contains("(4 B)", StringComparison.Ordinal)
            && line.Contains("are waiting for the server at http://127.0.0.1:9100", StringComparison.Ordinal)
            && line.Contains("with Collector:DbServer=127.0.0.1:9100", StringComparison.Ordinal));

        Fill("spool-db-server-2");
        Choose(SpoolFolders.DbServer, SpoolDestination.Of(new Uri("http://localhost:9100/db_command"))).ShouldBe("spool-db-server");
        Choose(SpoolFolders.DbServer, ServerB).ShouldBe("spool-db-server-2");
    }

    [Fact]
    public void Choose_reuses_an_empty_folder()
    {
        Choose(SpoolFolders.DbServer, ServerA);

        Choose(SpoolFolders.DbServer, ServerB).ShouldBe("spool-db-server");
        Fill("spool-db-server");
        Choose(SpoolFolders.DbServer, ServerA).ShouldBe("spool-db-server-2");
    }

    [Fact]
    public void Choose_assigns_unmarked_spool_to_first_destination()
    {
        _data.Folder("spool-db-server");
        Fill("spool-db-server");

        Choose(SpoolFolders.DbServer, ServerA).ShouldBe("spool-db-server");
        Choose(SpoolFolders.DbServer, ServerB).ShouldBe("spool-db-server-2");
    }

    [Fact]
    public void Choose_keeps_unmarked_spool_for_remembered_hub()
    {
        _data.Folder("spool");
        Fill("spool");
        new RememberedArchive(_data, Kafka("127.0.0.1:9092"), FeedName.Simulated).Write(32);
        var remembered = new RememberedArchive(_data, Kafka("127.0.0.1:9192"), FeedName.Simulated).Hub.ShouldNotBeNull();
        new SpoolFolders(_data, _log).MarkFolderOfEarlierVersion(SpoolFolders.EventHub, SpoolDestination.FromRemembered(remembered));

        Choose(SpoolFolders.EventHub, SpoolDestination.Of(Kafka("127.0.0.1:9192"), "kafka:b:t")).ShouldBe("spool-2");
        Choose(SpoolFolders.EventHub, SpoolDestination.Of(Kafka("127.0.0.1:9092"), null)).ShouldBe("spool");
    }

    [Fact]
    public void Choose_finds_spool_of_moved_event_hub()
    {
        Choose(SpoolFolders.EventHub, SpoolDestination.Of(Kafka("127.0.0.1:9092"), "kafka:a:t"));
        Choose(SpoolFolders.EventHub, SpoolDestination.Of(Kafka("127.0.0.1:9092"), null));
        Fill("spool");

        Choose(SpoolFolders.EventHub, SpoolDestination.Of(Kafka("127.0.0.1:9093"), "kafka:b:t")).ShouldBe("spool-2");
        Choose(SpoolFolders.EventHub, SpoolDestination.Of(Kafka("127.0.0.1:9093"), "kafka:a:u")).ShouldBe("spool");
    }

    [Fact]
    public void Choose_leaves_spool_with_unreadable_mark()
    {
        Choose(SpoolFolders.DbServer, ServerA);
        Fill("spool-db-server");
        File.WriteAllText(Path.Combine(_data.Path, "spool-db-server", "destination"), "?");

        Choose(SpoolFolders.DbServer, ServerA).ShouldBe("spool-db-server-2");
        _log.Lines.ShouldContain(line => line.Contains("cannot be read from", StringComparison.Ordinal));
    }

    private static EventStreamConnection Kafka(string servers) => EventStreamConnection.Parse(servers);

    private string Choose(string name, SpoolDestination destination) => new SpoolFolders(_data, _log).Choose(name, destination);

    private void Fill(string name) => File.WriteAllText(Path.Combine(_data.Path, name, "00000000000000000001.spool"), "tick");
}
