using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.TestServices.PowerLoss;

/// <summary>A possible state of a disk after a power cut.</summary>
/// <param name="At">Number of the last operation before the power cut, from 0.</param>
/// <param name="What">What happened to the unflushed operations, as text.</param>
/// <param name="Files">Files and folders by path; a folder's content is null.</param>
public sealed record CutDisk(int At, string What, SortedDictionary<string, byte[]?> Files)
{
    /// <summary>A key that two disk states share only if they are equal.</summary>
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
