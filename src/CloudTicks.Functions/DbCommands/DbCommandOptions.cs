using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.DbCommands;

/// <summary>The settings of <c>POST /db_command</c>, section <c>DbCommand</c>.</summary>
public sealed record DbCommandOptions
{
    /// <summary>
    /// The feed with which an empty archive is marked, <c>polygon</c> (the default) or <c>simulated</c>; an archive that contains records
    /// keeps its mark.
    /// </summary>
    [RegularExpression("(?i)polygon|simulated")]
    public string FeedName { get; init; } = "polygon";

    /// <summary>Whether crossed quotes of currencies and metals are refused rather than flagged; default false.</summary>
    public bool RefuseCrossedCurrencies { get; init; }
}
