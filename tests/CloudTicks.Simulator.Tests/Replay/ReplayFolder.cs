using System.IO.Compression;
using System.Text;

namespace CloudTicks.Simulator.Tests.Replay;

/// <summary>Files to replay, made by a test and deleted with it.</summary>
internal sealed class ReplayFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-replay-");

    /// <summary>Makes a zip of one entry.</summary>
    public string Zip(string entryName, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.zip");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var entry = archive.CreateEntry(entryName).Open();
        entry.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"));
        return path;
    }

    /// <summary>Makes a plain file, with other line ends and none at the end.</summary>
    public string Csv(string name, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, string.Join('\n', lines));
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
