using CloudTicks.Cli.Places;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Places;

/// <summary>Finds NATS from an address. The clock of the search does not advance, because a busy NATS server may greet late.</summary>
public sealed class NatsSearchTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    [Fact]
    public async Task Nats_server_on_another_port_is_recognised_by_its_greeting()
    {
        var search = new NatsSearch(new TargetSystem(dataFolder: null, isChange: false, TextWriter.Null), new TestTime());

        var (settings, note) = await search.FindAsync(nats.Url["nats://".Length..], TestContext.Current.CancellationToken);

        settings.ToString().ShouldBe(nats.Url);
        note.ShouldBeNull();
    }
}
