using System.Text;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Verification;

/// <summary>The dead letters of a run.</summary>
/// <param name="RejectedDistinct">Distinct JSON elements of the feed's frames that collectors refused.</param>
/// <param name="Records">Dead letters that StoreTicks wrote for records of the archive that it could not store completely.</param>
internal sealed record DeadLetterCount(long RejectedDistinct, long Records)
{
    public static async Task<DeadLetterCount> ReadAsync(RecordConsumer consumer, StreamWindow window, CancellationToken cancellationToken)
    {
        var rejected = new HashSet<string>(StringComparer.Ordinal);
        long records = 0;
        await foreach (var letter in consumer.ReadAsync(window.Topic, window.Ranges, cancellationToken))
        {
            if (letter.Headers.Any(header => header.Name == HeaderNames.Topic))
            {
                records++;
            }
            else
            {
                rejected.Add(Encoding.Latin1.GetString(letter.Value.Span));
            }
        }

        return new DeadLetterCount(rejected.Count, records);
    }
}
