using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace CloudTicks.Timescale.Schema;

/// <summary>A numbered SQL file. A released file never changes, because existing databases store its checksum.</summary>
internal sealed record Migration(int Version, string Name, string Sql)
{
    private const string Folder = "Migrations/";
    private const string Extension = ".sql";

    /// <summary>The migrations of this program, ordered by number, from 1 without gaps.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load(typeof(Migration).Assembly);

    /// <summary>SHA-256 of the text in hex, with Unix line endings.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    private static List<Migration> Load(Assembly assembly)
    {
        var migrations = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => Read(assembly, name)).OrderBy(migration => migration.Version).ToList();
        for (var index = 0; index < migrations.Count; index++)
        {
            if (migrations[index].Version != index + 1)
            {
                throw new InvalidOperationException($"Migration {migrations[index].Name} is not the expected number {index + 1}.");
            }
        }

        return migrations;
    }

    private static Migration Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        var name = resource[Folder.Length..^Extension.Length];
        var version =
            int.Parse(name.AsSpan(0, name.IndexOf('_', StringComparison.Ordinal)), NumberStyles.None, CultureInfo.InvariantCulture);
        return new Migration(version, name, reader.ReadToEnd().ReplaceLineEndings("\n"));
    }
}
