using System.Text;
using System.Text.Json;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Polygon.Tests.Rest;

public class HistoryPageProperties
{
    private const string Page =
        """{"results":[{"conditions":[0,12],"exchange":4,"id":"5\u00e9","price":114.125,"sequence_number":3,"sip_timestamp":1700000000123999999,"size":1e2},{"price":1,"id":"é","sip_timestamp":1700000000123000000,"x":{"y":[1,{"z":null}]}}],"status":"OK","next_url":"http://127.0.0.1/a?b=é"}""";

    [Fact]
    public void Read_changed_page_is_read_or_rejected()
    {
        var changes = Gen.Choose(0, Encoding.UTF8.GetByteCount(Page) - 1).Zip(Gen.Choose(0, 255)).ListOf()
            .Where(list => list.Count is > 0 and < 6);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(changes.ToArbitrary(), list =>
        {
            var bytes = Encoding.UTF8.GetBytes(Page);
            foreach (var (at, value) in list)
            {
                bytes[at] = (byte)value;
            }

            PageEnvelope envelope;
            try
            {
                envelope = PageEnvelope.Read(bytes);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // The client treats this page as a malformed response.
                return;
            }

            var rejected = 0;
            var page = new TickPage(
                new RowReader(ReadHistory.Symbol(Market.Stock, "ABC"), TickKind.Trade), envelope.Results, 1, (_, _) => rejected++);
            Tick tick = default;
            while (page.Read(ref tick))
            {
                (tick.Symbol.Name, tick.Kind).ShouldBe(("ABC", TickKind.Trade));
            }

            page.Rejected.ShouldBe(rejected);
        }));
    }

    [Fact]
    public async Task ReadTicks_response_with_invalid_text_is_retried()
    {
        await using var peer = await RestPeer.StartAsync("""{"next_url":"\ud800"}""", """{"status":"OK"}""");

        (await ReadHistory.AllAsync(peer.Client, Market.Stock, TickKind.Trade, "ABC")).Pages.ShouldBe(1);
        peer.CounterValue("cloudticks.polygon.rest.requests trades bad_answer").ShouldBe(1);
    }
}
