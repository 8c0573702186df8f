using System.Buffers.Binary;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// The acknowledged end of the log and of each partition, written before the acknowledgements are sent. When the log contains less at
/// startup, the difference shows which records are lost. Updates of the file are not flushed: after a power cut it may be out of date, but
/// never ahead of the log. Durability depends on the log's own flush.
/// </summary>
/// <remarks>
/// Slots of 32 bytes, little endian: topic number i32, partition i32, end i64, CRC-32C of these (u32), zeros. The first slot is the
/// position of the log, with topic 0.
/// </remarks>
internal sealed class AcknowledgedEnds(Disk disk, string path) : IDisposable
{
    private const int SlotBytes = 32;
    private const int CheckedBytes = 16;
    private const int InitialBytes = 4096;

    /// <summary>The distance in bytes below which two changed slots are written together.</summary>
    private const int MaxJoinGapBytes = 4096;

    private readonly ReadOnlyMemory<byte>[] _pieces = new ReadOnlyMemory<byte>[1];
    private readonly List<int> _changedSlots = [];
    private byte[] _table = new byte[InitialBytes];
    private int _slotCount = 1;
    private long _position;
    private DiskFile? _file;

    /// <summary>At startup: reads the file and skips damaged slots.</summary>
    public static (long? Position, IReadOnlyDictionary<BatchAddress, long> Ends) Read(string path)
    {
        long? position = null;
        var ends = new Dictionary<BatchAddress, long>();
        ReadOnlySpan<byte> bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (; bytes.Length >= SlotBytes; bytes = bytes[SlotBytes..])
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckedBytes..]) != Crc32C.Of(bytes[..CheckedBytes]))
            {
                continue;
            }

            var address = BatchAddress.Read(bytes);
            var end = BinaryPrimitives.ReadInt64LittleEndian(bytes[BatchAddress.Bytes..]);
            if (address.Topic == 0)
            {
                position = end;
            }
            else
            {
                ends[address] = end;
            }
        }

        return (position, ends);
    }

    /// <summary>At startup, after recovery: replaces the file with the recovered ends.</summary>
    public void Create(long position, IEnumerable<PartitionLog> partitions)
    {
        Set(0, default, _position = position);
        foreach (var partition in partitions.Where(p => p.HighWatermark > 0))
        {
            MarkChanged(partition);
        }

        _changedSlots.Clear();
        disk.Replace(path, _table);
        _file = disk.Open(path);
    }

    /// <summary>Apply thread: marks a partition whose high watermark has changed.</summary>
    public void MarkChanged(PartitionLog partition)
    {
        if (partition.AcknowledgedSlot == 0)
        {
            partition.AcknowledgedSlot = _slotCount++;
            if (_slotCount * SlotBytes > _table.Length)
            {
                Array.Resize(ref _table, 2 * _table.Length);
            }
        }

        Set(partition.AcknowledgedSlot, partition.Address, partition.HighWatermark);
        _changedSlots.Add(partition.AcknowledgedSlot);
    }

    /// <summary>Apply thread, before acknowledgements are sent: stores the log position up to which everything is acknowledged.</summary>
    public void Write(long position)
    {
        if (position > _position)
        {
            Set(0, default, _position = position);
            _changedSlots.Add(0);
        }

        try
        {
            WriteChanged();
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            // The next write includes these slots. Until then the file is out of date, which is allowed.
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Set(int slot, BatchAddress address, long end)
    {
        var bytes = _table.AsSpan(slot * SlotBytes, SlotBytes);
        address.Write(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[BatchAddress.Bytes..], end);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[CheckedBytes..], Crc32C.Of(bytes[..CheckedBytes]));
    }

    private void WriteChanged()
    {
        _changedSlots.Sort();
        for (var i = 0; i < _changedSlots.Count;)
        {
            var from = _changedSlots[i] * SlotBytes;
            var to = from + SlotBytes;
            for (i++; i < _changedSlots.Count && (_changedSlots[i] * SlotBytes) - to < MaxJoinGapBytes; i++)
            {
                to = (_changedSlots[i] + 1) * SlotBytes;
            }

            _pieces[0] = _table.AsMemory(from, to - from);
            _file!.Write(from, _pieces);
        }

        _changedSlots.Clear();
    }
}
