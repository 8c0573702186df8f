using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CloudTicks.EventStream.Native;

/// <summary>
/// librdkafka before 2.1 (Debian 12 has 2.0.2) lacks three functions that Confluent.Kafka calls for every record it reads. They concern
/// leader epochs, which distinguish the leaders of replicated partitions; the older library does not check them. This class implements the
/// functions; each epoch is reported as unknown. Confluent.Kafka keeps its functions in private delegates, so this class depends on the
/// version pinned in Directory.Packages.props.
/// </summary>
internal static class LeaderEpochs
{
    private const int Unknown = -1;

    private static readonly (string Function, string Field, string Replacement)[] Functions =
    [
        ("rd_kafka_message_leader_epoch", "_message_leader_epoch", nameof(GetMessageEpoch)),
        ("rd_kafka_topic_partition_get_leader_epoch", "_topic_partition_get_leader_epoch", nameof(GetPartitionEpoch)),
        ("rd_kafka_topic_partition_set_leader_epoch", "_topic_partition_set_leader_epoch", nameof(SetPartitionEpoch)),
    ];

    /// <summary>Implements the functions that the library lacks.</summary>
    /// <exception cref="MissingFieldException">This version of Confluent.Kafka has no delegate for a function that the library
    /// lacks.</exception>
    public static void AddMissing(nint library)
    {
        _ = Library.Version; // fills the delegates
        foreach (var (function, field, replacement) in Functions)
        {
            if (!NativeLibrary.TryGetExport(library, function, out _))
            {
                var slot = typeof(Library).Assembly.GetType("Confluent.Kafka.Impl.Librdkafka")
                        ?.GetField(field, BindingFlags.Static | BindingFlags.NonPublic)
                    ?? throw new MissingFieldException(
                        $"Confluent.Kafka {typeof(Library).Assembly.GetName().Version} has no delegate for {function}: " +
                        "use librdkafka 2.1 or newer, or the version of Confluent.Kafka pinned in Directory.Packages.props.");
                slot.SetValue(
                    null, typeof(LeaderEpochs)
                        .GetMethod(replacement, BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate(slot.FieldType));
            }
        }
    }

    private static int GetMessageEpoch(nint message) => Unknown;

    private static int GetPartitionEpoch(nint partition) => Unknown;

    private static void SetPartitionEpoch(nint partition, int epoch)
    {
        // The older library has no epochs.
    }
}
