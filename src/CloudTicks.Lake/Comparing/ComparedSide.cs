namespace CloudTicks.Lake.Comparing;

/// <summary>The origin of a compared tick.</summary>
internal enum ComparedSide
{
    /// <summary>The archive.</summary>
    Archive,

    /// <summary>The lake; the tick's record is among the compared ones.</summary>
    FromArchive,

    /// <summary>The lake; the tick was imported, or its record is of an earlier archive or after the compared ones.</summary>
    Other,

    /// <summary>The lake; the archive no longer has the tick's record.</summary>
    Gone,
}
