"""The addresses every room shares."""

from django.urls import path, re_path

from portal.kernel.views import demo, handing_out, inbox, jobs, law, login, people, reading, reads, verify, workdays

app_name = "kernel"

urlpatterns = [
    path("law/", law.law, name="law"),
    path("verify/", verify.verify, name="verify"),
    re_path(r"^verify/(?P<code>[^/\s]{1,40})/$", verify.verify_code, name="verify_code"),
    path("files/<slug:public_id>/", handing_out.file, name="file"),
    path("papers/<slug:public_id>/", handing_out.paper, name="paper"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox_read"),
    path("inbox/<slug:public_id>/", inbox.notice, name="notice"),
    path("login/", login.login, name="login"),
    path("login/code/", login.login_code, name="login_code"),
    path("logout/", login.logout, name="logout"),
    path("second-factor/", login.second_factor, name="second_factor"),
    path("text-size/", reading.text_size, name="text_size"),
    path("language/", reading.language, name="language"),
    path("desk/reads/", reads.reads, name="reads"),
    path("desk/reads/<slug:kind>/<str:name>/", reads.story, name="story"),
    path("desk/jobs/", jobs.given_up, name="jobs"),
    path("desk/jobs/retry/", jobs.retry_all, name="jobs_retry"),
    path("desk/jobs/<slug:public_id>/retry/", jobs.retry, name="job_retry"),
    path("desk/jobs/<slug:public_id>/discard/", jobs.discard, name="job_discard"),
    path("desk/law/", law.law_desk, name="law_desk"),
    path("desk/law/<slug:public_id>/", law.law_decide, name="law_decide"),
    path("desk/workdays/", workdays.workdays, name="workdays"),
    path("desk/workdays/<slug:public_id>/", workdays.workdays_notice, name="workdays_notice"),
    path("desk/people/", people.people, name="people"),
    path("desk/people/<slug:public_id>/", people.person, name="person"),
    path("desk/people/<slug:public_id>/roles/", people.person_grant, name="person_grant"),
    path("desk/people/<slug:public_id>/roles/<int:membership_id>/", people.person_revoke, name="person_revoke"),
    path("desk/people/<slug:public_id>/active/", people.person_active, name="person_active"),
    path("desk/people/<slug:public_id>/reset/", people.person_reset, name="person_reset"),
    path("demo/", demo.page, name="demo"),
    path("demo/enter/", demo.enter_new, name="demo_enter_new"),
    path("demo/enter/<slug:public_id>/", demo.enter, name="demo_enter"),
]
