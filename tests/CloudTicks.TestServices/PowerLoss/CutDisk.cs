using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.TestServices.PowerLoss;

/// <summary>A disk as it may be found after a power cut.</summary>
/// <param name="At">Operations of the run before the cut.</param>
/// <param name="What">What became of those that were not flushed, in words.</param>
/// <param name="Files">Files and folders (content null).</param>
public sealed record CutDisk(int At, string What, SortedDictionary<string, byte[]?> Files)
{
    /// <summary>Equal for equal disks.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in Files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}:{content?.Length ?? -1}:"));
            hash.AppendData(content ?? []);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in Files)
        {
            if (content is null)
            {
                Directory.CreateDirectory(Path.Combine(folder, name));
            }
            else
            {
                File.WriteAllBytes(Path.Combine(folder, name), content);
            }
        }
    }

    public override string ToString() => $"after operation {At}, {What}";
}
