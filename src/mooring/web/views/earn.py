"""placeholder"""
from django.shortcuts import render
def overview(request,**k):
    return render(request,"web/earn/overview.html")
