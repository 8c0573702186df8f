using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>
/// Bodies of requests that begin as any API's could and then lie: names that are there, lengths that are huge, negative, or contradict what
/// follows,
/// and an end anywhere. The same seed makes the same body.
/// </summary>
internal sealed class StrangeRequest(Random random)
{
    private static readonly int[] Lengths =
        [-1, -2, 0, 1, 2, 3, 7, 127, 255, 65_535, 1 << 20, 1 << 28, int.MaxValue, int.MinValue, int.MaxValue - 7];
    private static readonly string?[] Names = ["ticks", "group", "consumer", "range", "", null, "..", "a/b", "retention.ms"];

    public byte[] Body()
    {
        using var body = new WireWriter { IsFlexible = random.Next(2) == 0 };
        for (var fields = random.Next(14); fields > 0; fields--)
        {
            Field(body);
        }

        var bytes = body.Written.ToArray();
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    private void Field(WireWriter body)
    {
        switch (random.Next(10))
        {
            case 0 or 1:
                body.WriteString(Names[random.Next(Names.Length)]);
                break;
            case 2:
                body.WriteInt16((short)random.Next(short.MinValue, short.MaxValue + 1)); // the length of a string that does not follow
                break;
            case 3 or 4:
                body.WriteInt32(random.Next(3)); // an array, or a number
                break;
            case 5 or 6:
                body.WriteInt32(Lengths[random.Next(Lengths.Length)]);
                break;
            case 7:
                body.WriteInt64(random.Next(2) == 0 ? random.Next(100) : random.NextInt64());
                break;
            case 8:
                body.WriteInt8((sbyte)random.Next(-1, 12)); // a truth, or a compact length
                break;
            default:
                for (var bytes = random.Next(40); bytes > 0; bytes--)
                {
                    body.WriteInt8((sbyte)random.Next(-128, 128));
                }

                break;
        }
    }
}
