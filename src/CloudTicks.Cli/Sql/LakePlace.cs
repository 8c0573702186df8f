using CloudTicks.Cli.Places;
using CloudTicks.Lake;

namespace CloudTicks.Cli.Sql;

/// <summary>Finds the folder of the lake: the option, else <c>Lake__Folder</c>, else that of the AppHost that is meant.</summary>
internal static class LakePlace
{
    public const string Variable = "Lake__Folder";

    private const string AddressVariable = "Lake__Address";
    private const string Lakes = "lake";

    /// <summary>The lake in an object store that the option names, else <c>Lake__Address</c>; null when neither does.</summary>
    public static string? FindAddress(string? option) =>
        (option ?? Environment.GetEnvironmentVariable(AddressVariable)) is { } place && LakeStores.IsAddress(place) ? place : null;

    /// <param name="option">The folder that the command line names.</param>
    /// <param name="target">The system that is meant.</param>
    /// <param name="isMade">Whether a folder that is named may be missing.</param>
    /// <returns>The folder; null where there is no lake.</returns>
    /// <exception cref="FormatException">The folder that is named does not exist, or it is not clear which one is meant.</exception>
    public static string? Find(string? option, TargetSystem target, bool isMade = false)
    {
        if ((option ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } named)
        {
            return isMade || Directory.Exists(named) ? Path.GetFullPath(named)
                : throw new FormatException($"{(option is null ? Variable : SqlCommand.LakeOption)} names {named}, which is not a folder.");
        }

        // AppHost keeps the lake of a feed beside the feed's folder.
        if (target.Noted is { } noted)
        {
            var folder = Path.Combine(Path.GetDirectoryName(noted.Folder)!, Lakes, noted.Feed);
            return Directory.Exists(folder) ? folder : null;
        }

        var here = new DirectoryInfo(Path.Combine(SystemSearch.Here, Lakes));
        return !here.Exists ? null : here.GetDirectories() switch
        {
            [] => null,
            [var only] => only.FullName,
            var several => throw new FormatException(
                $"There are several lakes: choose one by {SqlCommand.LakeOption} "
                    + $"{string.Join(" or ", several.Select(folder => folder.FullName))}."),
        };
    }
}
