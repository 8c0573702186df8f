namespace CloudTicks.TestServices.PowerLoss;

/// <summary>What a power cut did to one unflushed operation.</summary>
/// <param name="IsLost">Whether nothing of the operation reached the disk.</param>
/// <param name="Bytes">For a write: how many of its bytes reached the disk.</param>
/// <param name="Holes">
/// For a write: the file has its full length, but 16-byte blocks selected by the bits of this number are missing. 0 for none.
/// </param>
public readonly record struct Fate(bool IsLost, int Bytes, ulong Holes)
{
    private const int PieceBytes = 16;

    public static Fate Lost { get; } = new(true, 0, 0);

    public static Fate Complete { get; } = new(false, int.MaxValue, 0);

    public static Fate Cut(int bytes) => new(false, bytes, 0);

    public static Fate Torn(ulong holes) => new(false, int.MaxValue, holes);

    /// <summary>The file's content after the write.</summary>
    public byte[] Write(byte[] content, int position, byte[] written)
    {
        var arrived = Math.Min(Bytes, written.Length);
        var result = Resize(content, Math.Max(content.Length, position + arrived));
        for (var from = 0; from < arrived; from += PieceBytes)
        {
            if ((Holes >> (from / PieceBytes % 64) & 1) == 0)
            {
                var length = Math.Min(PieceBytes, arrived - from);
                written.AsSpan(from, length).CopyTo(result.AsSpan(position + from));
            }
        }

        return result;
    }

    public static byte[] Resize(byte[] content, int length)
    {
        var result = new byte[length];
        content.AsSpan(0, Math.Min(length, content.Length)).CopyTo(result);
        return result;
    }
}
