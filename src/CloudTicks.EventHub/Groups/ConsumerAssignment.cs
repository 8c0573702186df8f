using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>Reads members' <c>consumer</c> assignments (version i16, array of topics with arrays of partitions).</summary>
internal static class ConsumerAssignment
{
    /// <summary>True when an assignment has partitions of a topic; false for bytes that are not a consumer assignment.</summary>
    public static bool Has(string topic, ReadOnlySpan<byte> assignment)
    {
        try
        {
            return assignment.Length > 0 && Find(topic, assignment);
        }
        catch (MalformedRequestException)
        {
            return false;
        }
    }

    private static bool Find(string topic, ReadOnlySpan<byte> assignment)
    {
        var reader = new WireReader(assignment);
        reader.ReadInt16();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            var name = reader.ReadString();
            var partitionCount = reader.ReadArrayLength(4);
            if (partitionCount > 0 && name == topic)
            {
                return true;
            }

            for (; partitionCount > 0; partitionCount--)
            {
                reader.ReadInt32();
            }
        }

        return false;
    }
}
