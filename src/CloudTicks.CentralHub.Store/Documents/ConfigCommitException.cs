namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>The connection broke during a commit: the change may or may not be stored.</summary>
/// <param name="what">The change, for the message: "version 3 of mailer".</param>
public sealed class ConfigCommitException(string what, Exception cause)
    : Exception($"It is not known whether {what} was stored: the connection to the database broke during the commit.", cause);
