namespace CloudTicks.Foundations;

/// <summary>A list of texts that people may also write as one text, because an environment variable has no lists.</summary>
public interface ITextList<TSelf>
    where TSelf : ITextList<TSelf>
{
    /// <summary>Splits one text by the separators of this list.</summary>
    public static abstract TSelf Split(string text);
}
