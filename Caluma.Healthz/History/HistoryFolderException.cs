namespace Caluma.Healthz.History;

/// <summary>
/// The folder of the history cannot be used as it has to be. The message is for people: it names the setting, what is wrong, and what
/// to do.
/// </summary>
/// <param name="reason">What it stands for.</param>
/// <param name="isOfOneItem">Whether it is about one log or document alone.</param>
/// <param name="message">The message.</param>
/// <param name="inner">What the file system said.</param>
internal sealed class HistoryFolderException(Reason reason, bool isOfOneItem, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public Reason Reason => reason;

    public bool IsOfOneItem => isOfOneItem;
}
