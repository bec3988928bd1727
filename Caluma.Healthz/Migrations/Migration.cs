namespace Caluma.Healthz.Migrations;

/// <summary>A migration as Django's recorder knows it: a row of <c>django_migrations</c>.</summary>
/// <param name="App">The label of the Django app, such as <c>caluma_form</c>.</param>
/// <param name="Name">The name of the file without its ending, such as <c>0001_initial</c>.</param>
internal readonly record struct Migration(string App, string Name)
{
    /// <summary>As <c>manage.py showmigrations --plan</c> prints it: <c>app.name</c>.</summary>
    public override string ToString() => $"{App}.{Name}";

    internal static Migration Parse(string text) =>
        text.Split('.') is [var app, var name] ? new(app, name) : throw new FormatException($"\"{text}\" is not of the form app.name.");
}
