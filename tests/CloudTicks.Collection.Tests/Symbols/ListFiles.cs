using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Symbols;

internal static class ListFiles
{
    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its path.</returns>
    public static string Write(this TemporaryFolder folder, string name, string text)
    {
        File.WriteAllText(folder.File(name), text);
        return folder.File(name);
    }
}
