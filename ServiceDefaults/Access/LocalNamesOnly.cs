namespace ServiceDefaults.Access;

/// <summary>A route without a key; while the service is local it answers only local names, against DNS rebinding by web pages.</summary>
public sealed class LocalNamesOnly;
