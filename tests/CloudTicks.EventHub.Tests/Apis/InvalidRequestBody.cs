using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>
/// Generates request bodies that an API can parse in part: they mix existing names with huge, negative or contradictory lengths, and may be
/// truncated anywhere. Bodies that the event hub answered are mutated further, to reach deeper into the parsers.
/// </summary>
/// <param name="answered">The initial bodies, which are valid, so that the event hub answers them.</param>
internal sealed class InvalidRequestBody(Random random, params IEnumerable<byte[]> answered)
{
    private const int MaxKeptBodies = 32;
    private const int MaxBodyBytes = 4096;

    private static readonly int[] Lengths =
        [-1, -2, 0, 1, 2, 3, 7, 127, 255, 65_535, 1 << 20, 1 << 28, int.MaxValue, int.MinValue, int.MaxValue - 7];
    private static readonly string?[] Names = ["ticks", "group", "consumer", "range", "", null, "..", "a/b", "retention.ms"];

    private readonly List<byte[]> _answered = [.. answered];
    private readonly HashSet<int> _responseLengths = [];

    public byte[] Body() => _answered.Count > 0 && random.Next(8) > 0 ? Mutate() : Generate();

    /// <summary>Keeps an answered body for further mutation: always when its response has a new length, otherwise at random.</summary>
    public void AddAnswered(byte[] body, int responseLength)
    {
        if (!_responseLengths.Add(responseLength) && random.Next(16) > 0)
        {
            return;
        }

        if (_answered.Count < MaxKeptBodies)
        {
            _answered.Add(body);
        }
        else
        {
            _answered[random.Next(MaxKeptBodies)] = body;
        }
    }

    private byte[] Generate()
    {
        if (random.Next(3) == 0)
        {
            return GenerateSimple();
        }

        using var body = new WireWriter { IsFlexible = random.Next(2) == 0 };
        for (var fields = random.Next(14); fields > 0; fields--)
        {
            WriteField(body);
        }

        var bytes = body.Written.ToArray();
        return random.Next(3) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }

    /// <summary>Generates small bytes: empty names and arrays in either encoding, which every API can parse.</summary>
    private byte[] GenerateSimple()
    {
        var body = new byte[random.Next(48)];
        var max = random.Next(1, 4);
        for (var i = 0; i < body.Length; i++)
        {
            body[i] = (byte)random.Next(max);
        }

        return body;
    }

    private byte[] Mutate()
    {
        var body = _answered[random.Next(_answered.Count)].ToArray();
        for (var changes = random.Next(4) == 0 ? random.Next(2, 6) : 1; changes > 0; changes--)
        {
            body = Change(body);
        }

        return body.Length > MaxBodyBytes ? body[..MaxBodyBytes] : body;
    }

    private byte[] Change(byte[] body)
    {
        var position = random.Next(body.Length + 1);
        switch (random.Next(6))
        {
            case 0 when position < body.Length:
                body[position] ^= (byte)(1 << random.Next(8));
                return body;
            case 1 when position < body.Length:
                body[position] = (byte)random.Next(256);
                return body;
            case 2 when body.Length - position >= sizeof(int):
                BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(position), Lengths[random.Next(Lengths.Length)]);
                return body;
            case 3:
                using (var field = new WireWriter { IsFlexible = random.Next(2) == 0 })
                {
                    WriteField(field);
                    return [.. body[..position], .. field.Written.Span, .. body[position..]];
                }

            case 4: // duplicates a part
                return [.. body[..position], .. body[random.Next(position + 1)..]];
            default: // removes a part, or the end
                return [.. body[..position], .. body[random.Next(position, body.Length + 1)..]];
        }
    }

    private void WriteField(WireWriter body)
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
                body.WriteInt32(random.Next(3)); // the length of an array, or a number
                break;
            case 5 or 6:
                body.WriteInt32(Lengths[random.Next(Lengths.Length)]);
                break;
            case 7:
                body.WriteInt64(random.Next(2) == 0 ? random.Next(100) : random.NextInt64());
                break;
            case 8:
                body.WriteInt8((sbyte)random.Next(-1, 12)); // a boolean, or a compact length
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
