namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>The connection broke while something was committed: it may be stored, or not.</summary>
/// <param name="what">What, for the sentence: "version 3 of mailer".</param>
public sealed class ConfigCommitException(string what, Exception cause)
    : Exception($"It is not known whether {what} was stored: the connection to the database broke at its commit.", cause);
