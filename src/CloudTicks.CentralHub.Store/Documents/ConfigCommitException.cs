namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>The connection broke while a version was committed: it may be stored, or not.</summary>
public sealed class ConfigCommitException(ConfigVersion version, Exception cause)
    : Exception(
        $"It is not known whether version {version?.Version} of {version?.Service} was stored: the connection to the database broke at its "
            + "commit.",
        cause);
