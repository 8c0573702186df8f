using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>Reads the topics from members' <c>consumer</c> metadata (version i16, array of topics).</summary>
internal static class ConsumerSubscription
{
    private const string ConsumerType = "consumer";

    /// <summary>
    /// True when both members subscribe to the same topics. For protocol types other than <c>consumer</c>, true when both have equal
    /// metadata.
    /// </summary>
    public static bool IsSame(string protocolType, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.SequenceEqual(other))
        {
            return true;
        }

        // Metadata in any other format counts as different: an extra rebalance is harmless.
        return TryRead(protocolType, one) is { } topics && TryRead(protocolType, other) is { } others && topics.SetEquals(others);
    }

    /// <summary>Reads the topics that a member subscribes to; null for other protocol types and for invalid metadata.</summary>
    public static HashSet<string>? TryRead(string protocolType, ReadOnlySpan<byte> metadata)
    {
        try
        {
            return protocolType == ConsumerType ? Topics(metadata) : null;
        }
        catch (MalformedRequestException)
        {
            return null;
        }
    }

    private static HashSet<string> Topics(ReadOnlySpan<byte> metadata)
    {
        var reader = new WireReader(metadata);
        reader.ReadInt16();
        var topics = new HashSet<string>(StringComparer.Ordinal);
        for (var count = reader.ReadArrayLength(2); count > 0; count--)
        {
            topics.Add(reader.ReadString());
        }

        return topics;
    }
}
