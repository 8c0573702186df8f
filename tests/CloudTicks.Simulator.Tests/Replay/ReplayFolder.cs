using System.IO.Compression;
using System.Text;

namespace CloudTicks.Simulator.Tests.Replay;

/// <summary>Files to replay, created by a test and deleted afterwards.</summary>
internal sealed class ReplayFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-replay-");

    /// <summary>Creates a zip file with one entry, whose lines end with CRLF.</summary>
    public string Zip(string entryName, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.zip");
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var entry = archive.CreateEntry(entryName).Open();
        entry.Write(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"));
        return path;
    }

    /// <summary>Creates a plain file with LF line endings, and no line ending after the last line.</summary>
    public string Csv(string name, params string[] lines)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, string.Join('\n', lines));
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
