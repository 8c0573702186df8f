using System.Text;
using CloudTicks.Functions.Publishing;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Functions.Tests.Publishing;

public class TickMessagesTests
{
    [Fact]
    public void Record_yields_one_message_per_tick_in_order()
    {
        var messages = new TickMessages();

        messages.Read(TestTicks.Record(0, 0, 2_000));

        messages.Batch.Count.ShouldBe(2_000);
        for (var index = 0; index < messages.Batch.Count; index++)
        {
            TickMessage.TryRead(messages.Batch.Payload(index), out var message).ShouldBeTrue();
            message.Identity.ShouldBe(TestTicks.IdentityOf(index));
        }

        Encoding.UTF8.GetString(messages.Batch.Subject(2)).ShouldBe("ticks.BRK_A");
        Encoding.UTF8.GetString(messages.Batch.Payload(2)).ShouldStartWith("""{"symbol":"BRK.A",""");
    }

    [Fact]
    public void Gap_record_yields_no_message_even_when_damaged()
    {
        var messages = new TickMessages();
        messages.Read(TestTicks.Record(0, 0, 5)).ShouldBeTrue();

        messages.Read("{\"gap\":"u8.ToArray()).ShouldBeFalse();

        messages.Batch.Count.ShouldBe(0);
    }

    [Fact]
    public void Truncated_record_yields_no_message()
    {
        var messages = new TickMessages();
        var record = TestTicks.Record(0, 0, 50);
        // The last column, ask_scale, is one byte of length followed by 50 bytes.
        record[^51].ShouldBe((byte)50);
        record[^51] = 49;

        Should.Throw<TickBatchFormatException>(() => messages.Read(record.AsMemory()[..^1]));

        messages.Batch.Count.ShouldBe(0);
        messages.Read(TestTicks.Record(0, 50, 3));
        messages.Batch.Count.ShouldBe(3);
    }
}
